using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Personalization.Core;
using Personalization.Core.Decisions;
using Personalization.Node.Storage;

namespace Personalization.Node.Decisions;

/// <summary>Some hundred decisions in one piece: each is its length in four bytes, then its record.</summary>
/// <remarks>
/// Used again and again: a new one for every few hundred decisions would be garbage of the large-object heap, and have the collector
/// walk all hot profiles several times a second.
/// </remarks>
internal sealed class DecisionBlock
{
    private readonly ArrayBufferWriter<byte> _bytes;
    private readonly ArrayBufferWriter<byte> _people = new();

    public DecisionBlock(int capacity) => _bytes = new ArrayBufferWriter<byte>(capacity);

    /// <summary>Gets the smallest id.</summary>
    public DecisionId First { get; private set; }

    /// <summary>Gets the largest id.</summary>
    public DecisionId Last { get; private set; }

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>Gets or sets how many still need what it holds. With none left it is emptied and filled again.</summary>
    public int Users { get; set; }

    /// <summary>Adds a decision.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="person">Whose it is.</param>
    /// <param name="device">The device that asked; null where it is the person's id.</param>
    /// <param name="record">Its bytes.</param>
    public void Add(DecisionId id, string person, string? device, ReadOnlySpan<byte> record)
    {
        Name(person);
        if (device is not null && device != person)
        {
            Name(device);
        }

        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(4), record.Length);
        _bytes.Advance(4);
        _bytes.Write(record);
        // Threads make ids and add them in slightly different orders.
        First = Count == 0 || Compare(id, First) < 0 ? id : First;
        Last = Count == 0 || Compare(id, Last) > 0 ? id : Last;
        Count++;
    }

    public bool MayHold(DecisionId id) => Count > 0 && Compare(id, First) >= 0 && Compare(id, Last) <= 0;

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _people.ResetWrittenCount();
        Count = 0;
    }

    /// <summary>Gives what the database keeps.</summary>
    public DecisionRow ToRow()
    {
        var ids = new byte[2 * DecisionId.ByteLength];
        First.WriteBytes(ids);
        Last.WriteBytes(ids.AsSpan(DecisionId.ByteLength));
        return new DecisionRow(ids.AsMemory(0, DecisionId.ByteLength), ids.AsMemory(DecisionId.ByteLength), Count, _bytes.WrittenMemory, _people.WrittenMemory);
    }

    public static DecisionRecord? Find(ReadOnlySpan<byte> block, DecisionId id)
    {
        while (block.Length > 0)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(block);
            var record = block.Slice(4, length);
            if (DecisionCodec.ReadId(record) == id)
            {
                return DecisionCodec.Read(record);
            }

            block = block[(4 + length)..];
        }

        return null;
    }

    /// <summary>Reads the decisions of people.</summary>
    public static IEnumerable<DecisionRecord> Of(byte[] block, IReadOnlySet<string> people)
    {
        for (var at = 0; at < block.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(block.AsSpan(at));
            var record = block.AsMemory(at + 4, length);
            at += 4 + length;
            if (people.Contains(DecisionCodec.ReadPerson(record.Span)))
            {
                yield return DecisionCodec.Read(record.Span);
            }
        }
    }

    /// <summary>Copies a block without the decisions of people, and without those that others asked for on a device of theirs.</summary>
    /// <param name="block">The block.</param>
    /// <param name="people">Whose decisions are left out.</param>
    /// <param name="leftOut">Called with the person of each.</param>
    public static (int Count, byte[] Body, byte[] People) Without(byte[] block, IReadOnlySet<string> people, Action<string> leftOut)
    {
        var kept = new DecisionBlock(block.Length + 1);
        for (var at = 0; at < block.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(block.AsSpan(at));
            var record = block.AsSpan(at + 4, length);
            at += 4 + length;
            var (person, device) = (DecisionCodec.ReadPerson(record), DecisionCodec.ReadDevice(record));
            if (people.Contains(person) || (device is not null && people.Contains(device)))
            {
                leftOut(people.Contains(person) ? person : device!);
            }
            else
            {
                kept.Add(DecisionCodec.ReadId(record), person, device, record);
            }
        }

        return (kept.Count, kept.Bytes.ToArray(), kept._people.WrittenSpan.ToArray());
    }

    private void Name(string id)
    {
        MemoryMarshal.Write(_people.GetSpan(sizeof(ulong)), StableHash.Of(id));
        _people.Advance(sizeof(ulong));
    }

    private static int Compare(DecisionId left, DecisionId right) =>
        left.High != right.High ? left.High.CompareTo(right.High) : left.Low.CompareTo(right.Low);
}
