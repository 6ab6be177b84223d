namespace Personalization.Deploy.Tests;

/// <summary>What the cluster's executable reads from its environment, and how long it takes to leave.</summary>
internal static class SiloSettings
{
    /// <summary>How long a silo may take from SIGTERM to its end.</summary>
    public const int DrainSeconds = 120;

    public static readonly IReadOnlySet<string> Variables = new HashSet<string>
    {
        "PERSONALIZATION_URLS", "PERSONALIZATION_GRPC_URLS", "PERSONALIZATION_REDIS", "PERSONALIZATION_KAFKA", "PERSONALIZATION_TOPIC",
        "PERSONALIZATION_TOPIC_EPOCH", "PERSONALIZATION_CLUSTER_ID", "PERSONALIZATION_SERVICE_ID", "PERSONALIZATION_ADVERTISE",
    };

    /// <summary>What the script that makes the topics reads besides.</summary>
    public static readonly IReadOnlySet<string> TopicVariables = new HashSet<string>
    {
        "EVENT_PARTITIONS", "REPLICATION_FACTOR", "MIN_IN_SYNC_REPLICAS", "EVENT_RETENTION_MS", "DEAD_LETTER_RETENTION_MS",
    };
}
