namespace Personalization.Conformance.Tests;

/// <summary>The hosts that every scenario runs against.</summary>
public static class Hosts
{
    public const string Node = "node";
    public const string Cluster = "cluster";

    public static Task<IConformingHost> StartAsync(string name)
    {
#if CLUSTER
        if (name == Cluster)
        {
            return Tests.Cluster.ClusterHost.StartAsync();
        }
#endif
        return Task.FromResult<IConformingHost>(new NodeHost());
    }
}
