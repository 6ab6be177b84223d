using Personalization.Kafka;
using Personalization.Kafka.Reading;
using Personalization.Streaming.Kafka.Tests.Support;

namespace Personalization.Streaming.Kafka.Tests.Partitions;

public sealed class GroupMemberTests : IDisposable
{
    private readonly MockKafka _kafka = new();
    private readonly Signal<string> _changes = new();
    private readonly RecordedLog _log = new();

    public GroupMemberTests() => _kafka.Create(6);

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task One_member_owns_every_partition()
    {
        await using var one = Join("one");
        await EachOwnsAsync(one);
    }

    [Fact]
    public async Task Members_that_join_get_an_equal_share_and_each_partition_has_one_owner()
    {
        await using var one = Join("one");
        await EachOwnsAsync(one);
        await using var two = Join("two");
        await EachOwnsAsync(one, two);
        await using var three = Join("three");
        await EachOwnsAsync(one, two, three);
    }

    [Fact]
    public async Task Whoever_keeps_a_partition_keeps_it_through_the_change()
    {
        await using var one = Join("one");
        await EachOwnsAsync(one);
        var before = one.Partitions;
        await using var two = Join("two");
        await EachOwnsAsync(one, two);

        Assert.Subset(before.ToHashSet(), one.Partitions.ToHashSet());
        await EachOwnsAsync(one, two);
        Assert.All(_log.All.Where(line => line.Line.Contains("takes partitions", StringComparison.Ordinal)), line =>
            Assert.All(one.Partitions, kept =>
                Assert.DoesNotContain($"{kept}", line.Line.Split("partitions ")[1].Split(" of")[0], StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_member_that_leaves_hands_its_partitions_to_the_others()
    {
        await using var one = Join("one");
        await using (var two = Join("two"))
        {
            await EachOwnsAsync(one, two);
        }

        await EachOwnsAsync(one);
    }

    [Fact]
    public async Task A_partition_is_given_up_only_after_whoever_was_told_has_ended()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var giving = new Signal<int>();
        KafkaGroupMember? one = null;
        one = new KafkaGroupMember(
            Options(),
            () =>
            {
                var left = one!.Partitions.Count;
                giving.Add(left);
                return left is > 0 and < 6 ? ended.Task : Task.CompletedTask;
            },
            _log.For<KafkaGroupMember>());
        await using (one)
        {
            one.Start();
            await giving.FirstAsync(owned => owned == 6);
            await using var two = Join("two");
            await giving.FirstAsync(owned => owned is > 0 and < 6);
            Assert.Empty(two.Partitions);

            ended.SetResult();
            await EachOwnsAsync(one, two);
        }
    }

    private KafkaStreamOptions Options() => _kafka.Options(options =>
    {
        options.Client["session.timeout.ms"] = "6000";
        options.Client["heartbeat.interval.ms"] = "200";
    });

    private KafkaGroupMember Join(string name)
    {
        var member = new KafkaGroupMember(
            Options(),
            () =>
            {
                _changes.Add(name);
                return Task.CompletedTask;
            },
            _log.For<KafkaGroupMember>());
        member.Start();
        return member;
    }

    /// <summary>Waits until the members own all partitions between them, each as many as the others.</summary>
    private async Task EachOwnsAsync(params KafkaGroupMember[] members)
    {
        await _changes.UntilAsync(_ => true);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (members.Any(member => member.Partitions.Count != 6 / members.Length)
            || members.SelectMany(member => member.Partitions).Distinct().Count() != 6)
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
