namespace Personalization.Core.Profiles;

/// <summary>The items a person took interest in last, newest first, each once.</summary>
internal struct RecentItems
{
    /// <summary>The most items kept.</summary>
    public const int Capacity = 20;

    private RecentItem[]? _items;
    private int _length;

    public readonly ReadOnlySpan<RecentItem> Entries => _items.AsSpan(0, _length);

    /// <summary>Puts an item at the place its time gives it.</summary>
    public void Add(int item, uint at)
    {
        for (var i = 0; i < _length; i++)
        {
            if (_items![i].Item == item)
            {
                if (_items[i].At > at)
                {
                    return;
                }

                Array.Copy(_items, i + 1, _items, i, _length - i - 1);
                _length--;
                break;
            }
        }

        var place = 0;
        while (place < _length && _items![place].At > at)
        {
            place++;
        }

        if (place == Capacity)
        {
            return;
        }

        if (_length == Capacity)
        {
            _length--;
        }
        else if (_items is null || _length == _items.Length)
        {
            Array.Resize(ref _items, _items is null or [] ? 4 : Math.Min(Capacity, _items.Length * 2));
        }

        Array.Copy(_items!, place, _items!, place + 1, _length - place);
        _items![place] = new RecentItem(item, at);
        _length++;
    }

    /// <summary>Adds another's items: of each the later time, of all the newest. Which of two from one second goes first, their ids say.</summary>
    public void Merge(RecentItems other, Vocabulary words)
    {
        if (other._length == 0)
        {
            return;
        }

        var all = new Dictionary<int, uint>(_length + other._length);
        foreach (var recent in Entries)
        {
            all[recent.Item] = recent.At;
        }

        foreach (var recent in other.Entries)
        {
            all[recent.Item] = Math.Max(recent.At, all.GetValueOrDefault(recent.Item));
        }

        var merged = all.Select(entry => new RecentItem(entry.Key, entry.Value)).ToArray();
        Array.Sort(merged, (left, right) => left.At != right.At
            ? right.At.CompareTo(left.At)
            : string.CompareOrdinal(words[left.Item], words[right.Item]));
        (_items, _length) = (merged.Length > Capacity ? merged[..Capacity] : merged, Math.Min(merged.Length, Capacity));
    }

    public static RecentItems Of(RecentItem[] items) => new() { _items = items, _length = items.Length };
}
