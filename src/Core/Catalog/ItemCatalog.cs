namespace Personalization.Core.Catalog;

/// <summary>All items at one moment, found by id or by number. Immutable.</summary>
public sealed class ItemCatalog
{
    /// <summary>The catalog of a shop that has nothing.</summary>
    public static readonly ItemCatalog Empty = new([], 0);

    private readonly Item?[] _items;

    private ItemCatalog(Item?[] items, int count)
    {
        _items = items;
        Count = count;
    }

    /// <summary>Gets how many items there are.</summary>
    public int Count { get; }

    /// <summary>Gets the items, in no particular order.</summary>
    public IEnumerable<Item> Items => _items.OfType<Item>();

    /// <summary>Finds an item by its number in the <see cref="Vocabulary"/>, or null.</summary>
    public Item? Find(int number) => (uint)number < (uint)_items.Length ? _items[number] : null;

    /// <summary>Finds an item by its id, or null.</summary>
    public Item? Find(string id, Vocabulary words) => Find(words.Find(id));

    /// <summary>Makes the catalog with some items put in or replaced, and some removed.</summary>
    /// <exception cref="InvalidOperationException">The vocabulary is full.</exception>
    public ItemCatalog With(IEnumerable<Item> put, IEnumerable<string> removed, Vocabulary words)
    {
        var items = _items;
        var owned = false;
        var count = Count;
        foreach (var item in put)
        {
            var number = words.Number(item.Id);
            if (number < 0)
            {
                throw new InvalidOperationException("The vocabulary is full: there are too many different item ids.");
            }

            Own(number);
            count += items[number] is null ? 1 : 0;
            items[number] = item;
        }

        foreach (var id in removed)
        {
            if (words.Find(id) is >= 0 and var number && number < items.Length && items[number] is not null)
            {
                Own(number);
                items[number] = null;
                count--;
            }
        }

        return new ItemCatalog(items, count);

        void Own(int number)
        {
            if (number >= items.Length)
            {
                Array.Resize(ref items, Math.Max(number + 1, Math.Max(64, items.Length * 2)));
                owned = true;
            }
            else if (!owned)
            {
                items = [.. items];
                owned = true;
            }
        }
    }
}
