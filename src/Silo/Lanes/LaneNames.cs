using Personalization.Kafka;
using Personalization.Kafka.Durability;

namespace Personalization.Silo.Lanes;

/// <summary>Names lanes as the reader of the topic names them.</summary>
internal sealed class LaneNames(KafkaStreamOptions options)
{
    public LaneKey Of(int partition, int lane) => LaneKey.Of(options, partition, lane);
}
