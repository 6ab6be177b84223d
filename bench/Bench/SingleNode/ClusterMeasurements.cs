namespace Personalization.Bench;

/// <summary>The cluster's rows where the edition that is built has no cluster.</summary>
internal sealed class ClusterMeasurements : IMeasurement
{
    public static readonly IMeasurement[] All = [new ClusterMeasurements()];

    public string Name => "cluster";

    public Task<IReadOnlyList<Row>> RunAsync(Effort effort) => Task.FromResult<IReadOnlyList<Row>>(
        [Row.Skipped("silos against a node, Kafka alone, and each other", "the single-node edition is built: eng/edition.sh says which package the feed lacks")]);
}
