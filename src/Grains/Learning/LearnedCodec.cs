using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Personalization.Core;
using Personalization.Core.Recommend;

namespace Personalization.Grains.Learning;

/// <summary>The stored form of a shard: for each item its id and its statistics, each after its length in four bytes.</summary>
internal static class LearnedCodec
{
    public static byte[] Write(IEnumerable<ItemStatistics> items, Vocabulary words)
    {
        var output = new ArrayBufferWriter<byte>();
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var statistics in items)
        {
            Append(output, Encoding.UTF8.GetBytes(words[statistics.Item]));
            Append(output, Bytes(statistics, buffer, words));
        }

        return output.WrittenSpan.ToArray();
    }

    public static byte[] Bytes(ItemStatistics statistics, ArrayBufferWriter<byte> buffer, Vocabulary words)
    {
        buffer.ResetWrittenCount();
        statistics.Write(buffer, words);
        return buffer.WrittenSpan.ToArray();
    }

    public static IEnumerable<ItemStatistics> Read(byte[] stored, Vocabulary words)
    {
        for (var at = 0; at < stored.Length;)
        {
            var id = Encoding.UTF8.GetString(Take(stored, ref at));
            var state = Take(stored, ref at);
            if (words.Number(id) is >= 0 and var item)
            {
                yield return ItemStatistics.Read(item, state, words);
            }
        }
    }

    private static void Append(ArrayBufferWriter<byte> output, byte[] bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(4), bytes.Length);
        output.Advance(4);
        output.Write(bytes);
    }

    private static byte[] Take(byte[] stored, ref int at)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(stored.AsSpan(at));
        var taken = stored.AsSpan(at + 4, length).ToArray();
        at += 4 + length;
        return taken;
    }
}
