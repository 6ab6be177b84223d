namespace Personalization.Kafka.Durability;

/// <summary>
/// Where the consumer of a lane says how far its work would survive a crash, and where the reader of the partition learns it. The two
/// may run in different processes, so an implementation is a store that both reach: the one that holds the consumers' state.
/// </summary>
/// <remarks>
/// A consumer reports after it stored the effects of every record of the lane through an offset, never before. After a crash, records
/// from the lowest unreported one on are delivered again; a consumer drops what is at or below its own last report.
/// </remarks>
public interface IDurableOffsets : IFoldedPositions
{
    /// <summary>
    /// States that everything of a lane through an offset is durable. A lower offset than an earlier one must change nothing.
    /// </summary>
    ValueTask ReportAsync(LaneKey lane, long through, CancellationToken cancellation);

    /// <summary>Reads what each lane reported last, in the order asked; null where a lane never reported.</summary>
    ValueTask<IReadOnlyList<long?>> ReadAsync(IReadOnlyList<LaneKey> lanes, CancellationToken cancellation);
}
