using System.Buffers;

namespace Personalization.Core.Recommend;

public sealed partial class LearningDelta
{
    private const byte CodecVersion = 1;

    /// <summary>Writes what was learned, divided by item, so that no one place has to take in everything.</summary>
    /// <param name="shards">Into how many parts.</param>
    /// <param name="words">The process's vocabulary.</param>
    /// <returns>The parts, by number; one in which nothing was learned is empty.</returns>
    public byte[][] Split(int shards, Vocabulary words)
    {
        var parts = new ArrayBufferWriter<byte>?[shards];
        foreach (var (item, delta) in _items)
        {
            var id = words[item];
            var part = parts[ShardOf(id, shards)] ??= New();
            part.WriteText(id);
            Write(part, delta.Popularity);
            Write(part, delta.Trend);
            part.WriteNumber(delta.Next.Count);
            foreach (var (next, count) in delta.Next)
            {
                part.WriteText(words[next]);
                Write(part, count);
            }
        }

        return [.. parts.Select(part => part?.WrittenSpan.ToArray() ?? [])];
    }

    /// <summary>Says which part an item belongs to.</summary>
    public static int ShardOf(string item, int shards) => (int)(StableHash.Of(item) % (uint)shards);

    /// <summary>Reads a part that <see cref="Split"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no delta, or were written by a newer version of the program.</exception>
    public static LearningDelta Read(ReadOnlySpan<byte> bytes, Vocabulary words)
    {
        var reader = new BytesReader(bytes);
        var version = reader.ReadByte();
        if (version != CodecVersion)
        {
            throw new InvalidDataException($"The delta has version {version}; this program reads version {CodecVersion}.");
        }

        var read = new LearningDelta();
        while (!reader.AtEnd)
        {
            var item = words.Number(Required(reader.ReadText()));
            var delta = new ItemDelta { Popularity = ReadSum(ref reader), Trend = ReadSum(ref reader) };
            for (var left = reader.ReadCount(); left > 0; left--)
            {
                var next = words.Number(Required(reader.ReadText()));
                var count = ReadSum(ref reader);
                if (next >= 0)
                {
                    delta.Next[next] = count;
                }
            }

            if (item >= 0)
            {
                read._items[item] = delta;
            }
        }

        return read;
    }

    private static ArrayBufferWriter<byte> New()
    {
        var part = new ArrayBufferWriter<byte>();
        part.WriteByte(CodecVersion);
        return part;
    }

    private static void Write(ArrayBufferWriter<byte> output, DecayedSum sum)
    {
        output.WriteDouble(sum.Value);
        output.WriteNumber(sum.At);
    }

    private static DecayedSum ReadSum(ref BytesReader reader) => new(reader.ReadDouble(), reader.ReadNumber());

    private static string Required(string? text) => text ?? throw new InvalidDataException("A required text is missing.");
}
