using Orleans;
using Personalization.Kafka.Records;

namespace Personalization.Streaming.Kafka.Provider;

/// <summary>A record on its way from silo to silo.</summary>
[GenerateSerializer]
[Immutable]
[Alias("kafka.record")]
internal struct KafkaRecordSurrogate
{
    [Id(0)]
    public int Partition;

    [Id(1)]
    public long Offset;

    [Id(2)]
    public byte[]? Key;

    [Id(3)]
    public byte[]? Value;

    [Id(4)]
    public string[] HeaderNames;

    [Id(5)]
    public byte[]?[] HeaderValues;

    [Id(6)]
    public long Timestamp;
}

/// <summary>Lets records travel without knowing of Orleans.</summary>
[RegisterConverter]
internal sealed class KafkaRecordConverter : IConverter<KafkaRecord, KafkaRecordSurrogate>
{
    public KafkaRecord ConvertFromSurrogate(in KafkaRecordSurrogate surrogate)
    {
        var headers = new KafkaHeader[surrogate.HeaderNames.Length];
        for (var i = 0; i < headers.Length; i++)
        {
            headers[i] = new KafkaHeader(surrogate.HeaderNames[i], surrogate.HeaderValues[i]);
        }

        return new KafkaRecord
        {
            Partition = surrogate.Partition,
            Offset = surrogate.Offset,
            Key = surrogate.Key,
            Value = surrogate.Value,
            Headers = headers,
            Timestamp = surrogate.Timestamp,
        };
    }

    public KafkaRecordSurrogate ConvertToSurrogate(in KafkaRecord value) => new()
    {
        Partition = value.Partition,
        Offset = value.Offset,
        Key = value.Key,
        Value = value.Value,
        HeaderNames = [.. value.Headers.Select(header => header.Name)],
        HeaderValues = [.. value.Headers.Select(header => header.Value)],
        Timestamp = value.Timestamp,
    };
}
