using Personalization.Kafka;
using Personalization.Streaming.Kafka.Tests.Support;

namespace Personalization.Streaming.Kafka.Tests.Provider;

/// <summary>Silos whose partitions are shared by Kafka's consumer group.</summary>
public sealed class GroupOwnershipTests : IDisposable
{
    private readonly MockKafka _kafka = new();
    private readonly Board _board = new() { StoreEvery = 3 };

    public GroupOwnershipTests() => _kafka.Create(4);

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task Silos_that_join_and_stop_under_load_hand_partitions_over_without_loss_or_disorder()
    {
        await using (var cluster = await StartAsync(silos: 2))
        {
            await WriteToAllAsync(0, 200);
            await _board.StoredAsync(100);
            var third = await cluster.Silos.StartAdditionalSiloAsync();
            await WriteToAllAsync(200, 200);
            await _board.StoredAsync(1_600);
            var stopping = cluster.Silos.StopSiloAsync(third);
            await WriteToAllAsync(400, 100);
            await stopping;
            await _board.StoredAsync(2_000);
        }

        _board.AssertComplete(2_000);
        Assert.All(Enumerable.Range(0, 4), partition => Assert.Equal(500, _kafka.Committed(partition)));
    }

    [Fact]
    public async Task The_partitions_of_a_silo_that_is_killed_are_given_to_the_others_when_its_session_ends()
    {
        await using (var cluster = await StartAsync(silos: 2))
        {
            await WriteToAllAsync(0, 100);
            await _board.StoredAsync(100);
            await cluster.Silos.KillSiloAsync(cluster.Silos.Silos[1]);
            await WriteToAllAsync(100, 100);
            await _board.StoredAsync(800);
        }

        _board.AssertComplete(800);
    }

    private Task<KafkaCluster> StartAsync(short silos) => KafkaCluster.StartAsync(_kafka, _board, silos, options =>
    {
        options.Ownership = KafkaOwnership.Group;
        options.Client["session.timeout.ms"] = "6000";
        options.Client["heartbeat.interval.ms"] = "200";
    });

    private async Task WriteToAllAsync(int first, int events)
    {
        for (var partition = 0; partition < 4; partition++)
        {
            await _kafka.WriteAsync(partition, events, 10, first);
        }
    }
}
