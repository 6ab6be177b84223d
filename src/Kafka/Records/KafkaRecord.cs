namespace Personalization.Kafka.Records;

/// <summary>A record as it lies in the topic. The arrays are shared: read them, and write nothing into them.</summary>
public sealed class KafkaRecord
{
    // Roughly what the objects around a record weigh, so that a million empty records are not counted as nothing.
    private const int Overhead = 128;

    /// <summary>Gets the partition.</summary>
    public required int Partition { get; init; }

    /// <summary>Gets the offset in the partition. Offsets rise, and have holes.</summary>
    public required long Offset { get; init; }

    /// <summary>Gets the key, or null.</summary>
    public byte[]? Key { get; init; }

    /// <summary>Gets the value, or null.</summary>
    public byte[]? Value { get; init; }

    /// <summary>Gets the headers, in their order.</summary>
    public KafkaHeader[] Headers { get; init; } = [];

    /// <summary>Gets the broker's or producer's time in milliseconds since the Unix epoch, or 0.</summary>
    public long Timestamp { get; init; }

    /// <summary>Gets what the format made of it, or null. It does not travel between processes.</summary>
    public object? Item { get; internal set; }

    internal int Weight
    {
        get
        {
            var weight = Overhead + (Key?.Length ?? 0) + (Value?.Length ?? 0);
            foreach (var header in Headers)
            {
                weight += header.Name.Length + (header.Value?.Length ?? 0);
            }

            return weight;
        }
    }

    /// <summary>Gets the value of the last header of a name; empty where there is none.</summary>
    public ReadOnlySpan<byte> Header(string name)
    {
        for (var i = Headers.Length - 1; i >= 0; i--)
        {
            if (Headers[i].Name == name)
            {
                return Headers[i].Value;
            }
        }

        return default;
    }
}
