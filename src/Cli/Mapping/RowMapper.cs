using Personalization.Cli.Events;

namespace Personalization.Cli.Mapping;

/// <summary>Makes events and items of rows.</summary>
internal sealed class RowMapper(int columns, IReadOnlyList<ValueSource> derived, EventMapping mapped, ItemMapping? item)
{
    /// <summary>Checks a row and adds the derived values to it. To be called once, before anything else is made of the row.</summary>
    /// <exception cref="RowError">The row has too many or too few columns, or a value can't be derived.</exception>
    public void Prepare(List<string> row)
    {
        if (row.Count != columns)
        {
            throw new RowError($"the row has {row.Count} columns, not {columns}");
        }

        foreach (var source in derived)
        {
            row.Add(source.Text(row) ?? "");
        }
    }

    /// <summary>Makes the event of a prepared row.</summary>
    /// <exception cref="RowError">Something that every event needs is missing or can't be read.</exception>
    public Event Event(IReadOnlyList<string> row)
    {
        var made = new Event
        {
            MessageId = Needed("messageId", mapped.MessageId, row),
            Type = Needed("type", mapped.Type, row),
            Timestamp = mapped.Timestamp?.Read(row),
            AnonymousId = mapped.AnonymousId?.Text(row),
            UserId = mapped.UserId?.Text(row),
            Consent = [.. Values(mapped.Consent, row).Select(purpose => KeyValuePair.Create(purpose.Key, purpose.Value == true))],
            Properties = Values(mapped.Properties, row),
        };
        return made.AnonymousId is null && made.UserId is null ? throw new RowError("anonymousId and userId are both empty") : made;
    }

    /// <summary>Makes the item of a prepared row.</summary>
    /// <exception cref="RowError">Its id is empty, or a value can't be read.</exception>
    public Item? Item(IReadOnlyList<string> row) => item is null ? null : new Item
    {
        Id = Needed("items.id", item.Id, row),
        Title = item.Title?.Text(row),
        Url = item.Url?.Text(row),
        Image = item.Image?.Text(row),
        Category = item.Category?.Text(row),
        Brand = item.Brand?.Text(row),
        Price = item.Price?.Number("items.price", row),
        Stock = item.Stock?.Number("items.stock", row),
        Margin = item.Margin?.Number("items.margin", row),
        Attributes = Values(item.Attributes, row),
    };

    private static string Needed(string name, ValueSource source, IReadOnlyList<string> row) =>
        source.Text(row) ?? throw new RowError($"{name} is empty");

    private static List<KeyValuePair<string, Scalar>> Values(
        IReadOnlyList<(string Name, ValueSource Source)> sources, IReadOnlyList<string> row)
    {
        var values = new List<KeyValuePair<string, Scalar>>(sources.Count);
        foreach (var (name, source) in sources)
        {
            if (source.Value(name, row) is { } value)
            {
                values.Add(new(name, value));
            }
        }

        return values;
    }
}
