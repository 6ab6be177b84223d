using Personalization.Bench.Cluster;

namespace Personalization.Bench;

/// <summary>The rows about silos.</summary>
internal static class ClusterMeasurements
{
    public static readonly IMeasurement[] All = [new SiloDecide(), new SiloIngest()];
}
