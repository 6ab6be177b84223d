namespace Personalization.Conformance.Tests;

/// <summary>Predictors in every host.</summary>
public sealed class PredictionConformanceTests
{
    [Fact]
    public Task Node_a_probability_chooses_the_experience() => RunAsync(Hosts.Node, PredictionScenarios.A_probability_that_was_configured_chooses_the_experience);

    [ClusterFact]
    public Task Cluster_a_probability_chooses_the_experience() => RunAsync(Hosts.Cluster, PredictionScenarios.A_probability_that_was_configured_chooses_the_experience);

    [Fact]
    public Task Node_a_program_sees_no_experiment() => RunAsync(Hosts.Node, PredictionScenarios.A_program_sees_no_experiment_and_teaches_nothing);

    [ClusterFact]
    public Task Cluster_a_program_sees_no_experiment() => RunAsync(Hosts.Cluster, PredictionScenarios.A_program_sees_no_experiment_and_teaches_nothing);

    [Fact]
    public Task Node_dead_letters_are_found_and_removed() => RunAsync(Hosts.Node, PredictionScenarios.Dead_letters_are_found_everywhere_and_a_persons_can_be_removed);

    [ClusterFact]
    public Task Cluster_dead_letters_are_found_and_removed() => RunAsync(Hosts.Cluster, PredictionScenarios.Dead_letters_are_found_everywhere_and_a_persons_can_be_removed);

    [Fact]
    public Task Node_a_published_schema_is_followed() => RunAsync(Hosts.Node, PredictionScenarios.A_published_schema_is_followed_everywhere);

    [ClusterFact]
    public Task Cluster_a_published_schema_is_followed() => RunAsync(Hosts.Cluster, PredictionScenarios.A_published_schema_is_followed_everywhere);

    private static async Task RunAsync(string host, Func<IConformingHost, Task> scenario)
    {
        await using var started = await Hosts.StartAsync(host);
        await scenario(started);
    }
}
