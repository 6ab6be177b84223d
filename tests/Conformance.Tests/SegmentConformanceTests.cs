namespace Personalization.Conformance.Tests;

/// <summary>Segments against every host.</summary>
public sealed class SegmentConformanceTests
{
    [Fact]
    public Task Node_memberships_follow_events_and_configuration() => RunAsync(Hosts.Node, SegmentScenarios.Memberships_follow_events_and_configuration);

    [ClusterFact]
    public Task Cluster_memberships_follow_events_and_configuration() =>
        RunAsync(Hosts.Cluster, SegmentScenarios.Memberships_follow_events_and_configuration);

    [Fact]
    public Task Node_time_alone_moves_people() => RunAsync(Hosts.Node, SegmentScenarios.Time_alone_moves_people);

    [ClusterFact]
    public Task Cluster_time_alone_moves_people() => RunAsync(Hosts.Cluster, SegmentScenarios.Time_alone_moves_people);

    [Fact]
    public Task Node_a_replay_tells_no_change_twice() => RunAsync(Hosts.Node, SegmentScenarios.A_replay_tells_no_change_twice);

    [ClusterFact]
    public Task Cluster_a_replay_tells_no_change_twice() => RunAsync(Hosts.Cluster, SegmentScenarios.A_replay_tells_no_change_twice);

    [Fact]
    public Task Node_a_segment_is_tried_before_it_is_saved() => RunAsync(Hosts.Node, SegmentScenarios.A_segment_is_tried_before_it_is_saved);

    [ClusterFact]
    public Task Cluster_a_segment_is_tried_before_it_is_saved() => RunAsync(Hosts.Cluster, SegmentScenarios.A_segment_is_tried_before_it_is_saved);

    private static async Task RunAsync(string host, Func<IConformingHost, Task> scenario)
    {
        await using var started = await Hosts.StartAsync(host);
        await scenario(started);
    }
}
