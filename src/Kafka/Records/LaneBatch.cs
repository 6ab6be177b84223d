namespace Personalization.Kafka.Records;

/// <summary>Consecutive records of one lane: what is delivered at once, and finished at once.</summary>
public sealed class LaneBatch
{
    internal LaneBatch(int partition, int lane, KafkaRecord[] records)
    {
        (Partition, Lane, Records) = (partition, lane, records);
        Weight = records.Sum(record => (long)record.Weight);
    }

    /// <summary>Gets the partition.</summary>
    public int Partition { get; }

    /// <summary>Gets the lane, 0 to the number of lanes - 1.</summary>
    public int Lane { get; }

    /// <summary>Gets the records in the order of their offsets; at least one.</summary>
    public IReadOnlyList<KafkaRecord> Records { get; }

    /// <summary>Gets the offset of the last record.</summary>
    public long LastOffset => Records[^1].Offset;

    internal long Weight { get; }

    /// <summary>Gets or sets whether its records lie in the dead-letter topic.</summary>
    internal bool IsSetAside { get; set; }

    /// <summary>Gets or sets whether it no longer counts against the caps.</summary>
    internal bool IsReleased { get; set; }
}
