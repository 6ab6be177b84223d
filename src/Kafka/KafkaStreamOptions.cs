using Personalization.Core.Ingestion;
using Personalization.Kafka.Durability;

namespace Personalization.Kafka;

/// <summary>Where the records are, and how they are read.</summary>
public sealed class KafkaStreamOptions
{
    /// <summary>Gets or sets the brokers to ask first: <c>host:port</c>, separated by commas. Required.</summary>
    public string Brokers { get; set; } = "";

    /// <summary>Gets or sets the topic that is read. Required; it must exist, for it is never created from here.</summary>
    public string Topic { get; set; } = "";

    /// <summary>Gets or sets the consumer group that positions are committed to. Required.</summary>
    public string Group { get; set; } = "";

    /// <summary>
    /// Gets or sets the epoch of the topic: a number raised by one whenever positions begin anew. That is when another topic takes its
    /// place or it is created anew, and when partitions that were added shall be used (<see cref="PinPartitions"/>). Positions of an
    /// earlier epoch are neither read nor written any more.
    /// </summary>
    /// <value>The default is 0.</value>
    public int TopicEpoch { get; set; }

    /// <summary>
    /// Gets or sets whether the number of partitions that keys are spread over is fixed for the epoch: partitions added to the topic move
    /// no key, and a record found where its key does not belong is written again where it does. Needs <see cref="IFoldedPositions"/>.
    /// </summary>
    /// <value>The default is false: the number of partitions is whatever it is now.</value>
    public bool PinPartitions { get; set; }

    /// <summary>Gets or sets who says which silo reads which partition.</summary>
    /// <value>The default is the cluster's membership.</value>
    public KafkaOwnership Ownership { get; set; } = KafkaOwnership.Membership;

    /// <summary>Gets or sets the namespace of the streams; a stream's key is <c>{partition}-{lane}</c>.</summary>
    /// <value>The default is <c>events</c>.</value>
    public string StreamNamespace { get; set; } = "events";

    /// <summary>Gets or sets how many lanes each partition is split into; one key always stays in one lane.</summary>
    /// <value>The default is 8; 1 to 64. Changing it voids what lanes have stored about their progress, and replays a little.</value>
    public int LanesPerPartition { get; set; } = 8;

    /// <summary>Gets or sets where a partition starts for which the group has no position.</summary>
    /// <value>The default is the earliest record. Partitions added later always start at their earliest record.</value>
    public KafkaStartPosition Start { get; set; } = KafkaStartPosition.Earliest;

    /// <summary>Gets or sets when a record counts as done and its position may be committed.</summary>
    /// <value>The default is when it was delivered.</value>
    public KafkaCommit CommitWhen { get; set; } = KafkaCommit.Delivered;

    /// <summary>Gets or sets how often a position that moved is committed.</summary>
    /// <value>The default is one second.</value>
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how many records of one partition may be read and not yet done; then reading pauses.</summary>
    /// <value>
    /// The default is 100 000. This is also the most that a crash replays. Where <see cref="CommitWhen"/> is Durable, records count
    /// until they are, so it must exceed what the consumers of all lanes hold before they store.
    /// </value>
    public int MaxBufferedRecords { get; set; } = 100_000;

    /// <summary>Gets or sets how many bytes of one partition may be read and not yet done; then reading pauses.</summary>
    /// <value>The default is 64 MiB. One record may exceed it, so that no record is too large to be read.</value>
    public long MaxBufferedBytes { get; set; } = 64 << 20;

    /// <summary>Gets or sets how many records one delivery to a lane holds at most.</summary>
    /// <value>The default is 500.</value>
    public int MaxBatchRecords { get; set; } = 500;

    /// <summary>Gets or sets how many bytes one delivery to a lane holds at most, where it holds more than one record.</summary>
    /// <value>The default is 256 KiB.</value>
    public int MaxBatchBytes { get; set; } = 256 << 10;

    /// <summary>Gets or sets the topic for records that can't be read or delivered.</summary>
    /// <value>The default is the topic's name with <c>.dead-letters</c> after it. Nothing is ever thrown away instead.</value>
    public string? DeadLetterTopic { get; set; }

    /// <summary>Gets or sets how often the topic is asked for new partitions.</summary>
    /// <value>The default is one minute.</value>
    public TimeSpan MetadataInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how long one request to the brokers may take before it is tried again.</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the longest pause between two tries; the first is a fifth of a second, and each is twice the last.</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets after how long a warning says that a lane took records and never reported them durable.</summary>
    /// <value>The default is 5 minutes. Only where <see cref="CommitWhen"/> is <see cref="KafkaCommit.Durable"/>.</value>
    public TimeSpan StallWarning { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets or sets after how long records that a lane took and did not report durable are delivered again: its consumer may have lost
    /// its memory, and nothing else would wake it before the lane's next record.
    /// </summary>
    /// <value>The default is 30 seconds. Only where <see cref="CommitWhen"/> is <see cref="KafkaCommit.Durable"/>.</value>
    public TimeSpan RedeliverAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets the properties handed to librdkafka as they are, for TLS, SASL and tuning: <c>security.protocol</c>,
    /// <c>sasl.mechanism</c> and so on.
    /// </summary>
    public Dictionary<string, string> Client { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the group as the brokers know it: later lives of the topic have groups of their own.</summary>
    public string EffectiveGroup => TopicEpoch == 0 ? Group : $"{Group}.e{TopicEpoch}";

    /// <summary>Gets the group that owns partitions, where <see cref="Ownership"/> is Group.</summary>
    public string OwnersGroup => EffectiveGroup + ".owners";

    /// <summary>Gets the dead-letter topic, the default included.</summary>
    public string EffectiveDeadLetterTopic => string.IsNullOrEmpty(DeadLetterTopic) ? Topic + ".dead-letters" : DeadLetterTopic;

    /// <summary>Gets the plan that gives each key its lane.</summary>
    public LanePlan Lanes => new(LanesPerPartition);
}
