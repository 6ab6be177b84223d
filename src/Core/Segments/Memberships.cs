using System.Buffers;

namespace Personalization.Core.Segments;

/// <summary>The segments that a person is in, by number. The host keeps it beside the profile.</summary>
/// <remarks>
/// Not part of the profile's state: who is in what depends on configuration and on the time it is asked, and the fold of the same
/// events is to be the same bytes on every host.
/// </remarks>
public struct Memberships
{
    private Membership[]? _entries;
    private int _length;

    /// <summary>Gets them, by number.</summary>
    public readonly ReadOnlySpan<Membership> Entries => _entries.AsSpan(0, _length);

    /// <summary>Says whether the person is in a segment.</summary>
    public readonly bool Contains(int segment)
    {
        var place = Seek(0, segment);
        return place < _length && _entries![place].Segment == segment;
    }

    /// <summary>Puts a person into a segment, or takes them out; false where that changes nothing.</summary>
    public bool Set(int segment, bool member, uint since)
    {
        var place = Seek(0, segment);
        if ((place < _length && _entries![place].Segment == segment) == member)
        {
            return false;
        }

        Flip(place, segment, member, since);
        return true;
    }

    /// <summary>Writes them; <see cref="Read"/> reads it.</summary>
    public readonly void Write(IBufferWriter<byte> output)
    {
        output.WriteNumber(_length);
        foreach (var entry in Entries)
        {
            output.WriteNumber(entry.Segment);
            output.WriteNumber(entry.Since);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are something else.</exception>
    public static Memberships Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new BytesReader(bytes);
        var entries = new Membership[reader.ReadCount()];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new Membership(reader.ReadInt32(), reader.ReadUInt32());
        }

        return new Memberships { _entries = entries, _length = entries.Length };
    }

    // Finds the first entry from a place on that is not before a segment. From the place where the one before was found it is near.
    internal readonly int Seek(int from, int segment)
    {
        while (from < _length && _entries![from].Segment < segment)
        {
            from++;
        }

        return from;
    }

    internal readonly bool IsAt(int place, int segment) => place < _length && _entries![place].Segment == segment;

    internal void Flip(int place, int segment, bool member, uint since)
    {
        if (!member)
        {
            _length--;
            Array.Copy(_entries!, place + 1, _entries!, place, _length - place);
            return;
        }

        if (_entries is null || _length == _entries.Length)
        {
            Array.Resize(ref _entries, _entries is null or [] ? 4 : _entries.Length * 2);
        }

        Array.Copy(_entries!, place, _entries!, place + 1, _length - place);
        _entries![place] = new Membership(segment, since);
        _length++;
    }
}
