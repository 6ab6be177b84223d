namespace Personalization.Conformance.Tests;

/// <summary>Every scenario against every host. A scenario that one of them fails is a difference users would meet.</summary>
public sealed class ConformanceTests
{
    [Fact]
    public Task Node_a_replay_of_any_suffix_changes_nothing() => RunAsync(Hosts.Node, Scenarios.A_replay_of_any_suffix_changes_nothing);

    [ClusterFact]
    public Task Cluster_a_replay_of_any_suffix_changes_nothing() => RunAsync(Hosts.Cluster, Scenarios.A_replay_of_any_suffix_changes_nothing);

    [Fact]
    public Task Node_a_decision_sees_what_was_acknowledged() => RunAsync(Hosts.Node, Scenarios.A_decision_sees_what_was_acknowledged_before_it_was_asked);

    [ClusterFact]
    public Task Cluster_a_decision_sees_what_was_acknowledged() => RunAsync(Hosts.Cluster, Scenarios.A_decision_sees_what_was_acknowledged_before_it_was_asked);

    [Fact]
    public Task Node_a_decision_is_found_again() => RunAsync(Hosts.Node, Scenarios.A_decision_is_found_again_with_what_it_was_made_from);

    [ClusterFact]
    public Task Cluster_a_decision_is_found_again() => RunAsync(Hosts.Cluster, Scenarios.A_decision_is_found_again_with_what_it_was_made_from);

    [Fact]
    public Task Node_an_exposed_person_keeps_the_variant() => RunAsync(Hosts.Node, Scenarios.An_exposed_person_keeps_the_variant_when_weights_change);

    [ClusterFact]
    public Task Cluster_an_exposed_person_keeps_the_variant() => RunAsync(Hosts.Cluster, Scenarios.An_exposed_person_keeps_the_variant_when_weights_change);

    [Fact]
    public Task Node_people_are_recommended_what_others_went_on_to() => RunAsync(Hosts.Node, Scenarios.People_are_recommended_what_others_went_on_to);

    [ClusterFact]
    public Task Cluster_people_are_recommended_what_others_went_on_to() => RunAsync(Hosts.Cluster, Scenarios.People_are_recommended_what_others_went_on_to);

    [Fact]
    public Task Node_a_faulty_change_changes_nothing() => RunAsync(Hosts.Node, Scenarios.A_change_with_a_fault_changes_nothing_and_a_lost_race_is_told);

    [ClusterFact]
    public Task Cluster_a_faulty_change_changes_nothing() => RunAsync(Hosts.Cluster, Scenarios.A_change_with_a_fault_changes_nothing_and_a_lost_race_is_told);

    [ClusterFact]
    public Task Cluster_a_login_takes_over_its_devices() => RunAsync(Hosts.Cluster, IdentityScenarios.A_login_takes_over_its_devices);

    [ClusterFact]
    public Task Cluster_a_shared_device_changes_person() => RunAsync(Hosts.Cluster, IdentityScenarios.A_shared_device_changes_person_and_leaves_the_history_behind);

    [ClusterFact]
    public Task Cluster_what_may_not_be_joined_stays_apart() => RunAsync(Hosts.Cluster, IdentityScenarios.What_may_not_be_joined_is_refused_or_left_apart);

    [ClusterFact]
    public Task Cluster_no_variant_changes_on_login() => RunAsync(Hosts.Cluster, IdentityScenarios.No_variant_changes_on_login);

    [ClusterFact]
    public async Task Both_hosts_join_the_same_devices_to_the_same_logins()
    {
        foreach (var seed in (int[])[1, 2, 3, 4])
        {
            await using var node = await Hosts.StartAsync(Hosts.Node);
            await using var cluster = await Hosts.StartAsync(Hosts.Cluster);
            var views = await IdentityScenarios.ViewsAfterAsync(node, seed);
            IdentityScenarios.Same(views, await IdentityScenarios.ViewsAfterAsync(cluster, seed));
            Assert.True(views.Count > 3, "Almost nobody was known.");
        }
    }

    [Fact]
    public Task Node_features_are_what_decisions_see() => RunAsync(Hosts.Node, Scenarios.Features_are_what_decisions_see);

    [ClusterFact]
    public Task Cluster_features_are_what_decisions_see() => RunAsync(Hosts.Cluster, Scenarios.Features_are_what_decisions_see);

    [Fact]
    public Task Node_a_login_takes_over_its_devices() => RunAsync(Hosts.Node, IdentityScenarios.A_login_takes_over_its_devices);

    [Fact]
    public Task Node_a_shared_device_changes_person() => RunAsync(Hosts.Node, IdentityScenarios.A_shared_device_changes_person_and_leaves_the_history_behind);

    [Fact]
    public Task Node_what_may_not_be_joined_stays_apart() => RunAsync(Hosts.Node, IdentityScenarios.What_may_not_be_joined_is_refused_or_left_apart);

    [Fact]
    public Task Node_no_variant_changes_on_login() => RunAsync(Hosts.Node, IdentityScenarios.No_variant_changes_on_login);

    [Fact]
    public Task Node_a_choice_is_on_record_once() => RunAsync(Hosts.Node, Scenarios.A_choice_is_kept_with_the_profile_and_on_record_once_however_often_the_log_comes);

    [ClusterFact]
    public Task Cluster_a_choice_is_on_record_once() => RunAsync(Hosts.Cluster, Scenarios.A_choice_is_kept_with_the_profile_and_on_record_once_however_often_the_log_comes);

    [Fact]
    public Task Node_what_the_stored_choice_denies_is_taken_in_nowhere() => RunAsync(Hosts.Node, Scenarios.What_the_stored_choice_denies_is_taken_in_nowhere_and_the_person_is_a_stranger);

    [ClusterFact]
    public Task Cluster_what_the_stored_choice_denies_is_taken_in_nowhere() => RunAsync(Hosts.Cluster, Scenarios.What_the_stored_choice_denies_is_taken_in_nowhere_and_the_person_is_a_stranger);

    [Fact]
    public Task Node_a_choice_holds_within_its_batch() => RunAsync(Hosts.Node, Scenarios.A_choice_holds_for_what_comes_behind_it_in_the_same_batch);

    [ClusterFact]
    public Task Cluster_a_choice_holds_within_its_batch() => RunAsync(Hosts.Cluster, Scenarios.A_choice_holds_for_what_comes_behind_it_in_the_same_batch);

    [Fact]
    public Task Node_a_change_of_the_configuration_is_on_record() => RunAsync(Hosts.Node, Scenarios.A_change_of_the_configuration_is_on_record);

    [ClusterFact]
    public Task Cluster_a_change_of_the_configuration_is_on_record() => RunAsync(Hosts.Cluster, Scenarios.A_change_of_the_configuration_is_on_record);

    [ClusterFact]
    public async Task Both_hosts_fold_the_same_stream_into_the_same_bytes()
    {
        foreach (var seed in (int[])[1, 2, 3])
        {
            await using var node = await Hosts.StartAsync(Hosts.Node);
            await using var cluster = await Hosts.StartAsync(Hosts.Cluster);
            var folded = await Scenarios.StatesAfterAsync(node, Scenarios.Stream(seed, 400));
            Assert.Equal(folded, await Scenarios.StatesAfterAsync(cluster, Scenarios.Stream(seed, 400)));
            Assert.True(folded.Length > 1000, "The stream folded into next to nothing.");
        }
    }

    private static async Task RunAsync(string host, Func<IConformingHost, Task> scenario)
    {
        await using var started = await Hosts.StartAsync(host);
        await scenario(started);
    }
}
