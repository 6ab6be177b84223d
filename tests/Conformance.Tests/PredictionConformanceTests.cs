namespace Personalization.Conformance.Tests;

/// <summary>Predictors in every host.</summary>
public sealed class PredictionConformanceTests
{
    [Fact]
    public Task Node_a_probability_chooses_the_experience() => RunAsync(Hosts.Node, PredictionScenarios.A_probability_that_was_configured_chooses_the_experience);

    [ClusterFact]
    public Task Cluster_a_probability_chooses_the_experience() => RunAsync(Hosts.Cluster, PredictionScenarios.A_probability_that_was_configured_chooses_the_experience);

    private static async Task RunAsync(string host, Func<IConformingHost, Task> scenario)
    {
        await using var started = await Hosts.StartAsync(host);
        await scenario(started);
    }
}
