namespace Personalization.Conformance.Tests;

/// <summary>What people may ask for, of every host.</summary>
public sealed class PrivacyConformanceTests
{
    [Fact]
    public Task Node_an_erased_person_is_unknown() => RunAsync(Hosts.Node, PrivacyScenarios.An_erased_person_is_unknown_to_everything_and_others_are_not);

    [ClusterFact]
    public Task Cluster_an_erased_person_is_unknown() => RunAsync(Hosts.Cluster, PrivacyScenarios.An_erased_person_is_unknown_to_everything_and_others_are_not);

    [Fact]
    public Task Node_a_log_read_again_brings_nobody_back() => RunAsync(Hosts.Node, PrivacyScenarios.A_log_that_is_read_again_brings_nobody_back);

    [ClusterFact]
    public Task Cluster_a_log_read_again_brings_nobody_back() => RunAsync(Hosts.Cluster, PrivacyScenarios.A_log_that_is_read_again_brings_nobody_back);

    [Fact]
    public Task Node_what_is_exported_is_all_that_is_kept() => RunAsync(Hosts.Node, PrivacyScenarios.What_is_exported_is_all_that_is_kept);

    [ClusterFact]
    public Task Cluster_what_is_exported_is_all_that_is_kept() => RunAsync(Hosts.Cluster, PrivacyScenarios.What_is_exported_is_all_that_is_kept);

    private static async Task RunAsync(string host, Func<IConformingHost, Task> scenario)
    {
        await using var started = await Hosts.StartAsync(host);
        await scenario(started);
    }
}
