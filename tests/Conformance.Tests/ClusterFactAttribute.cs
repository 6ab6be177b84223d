namespace Personalization.Conformance.Tests;

/// <summary>A scenario's run against the cluster; skipped with the reason where the single-node edition is built.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterFactAttribute : FactAttribute
{
#if !CLUSTER
    public ClusterFactAttribute() => Skip = "The single-node edition is built: eng/edition.sh says which package the feed lacks.";
#endif
}
