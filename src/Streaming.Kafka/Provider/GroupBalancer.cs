using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;
using Personalization.Kafka.Reading;

namespace Personalization.Streaming.Kafka.Provider;

/// <summary>Leaves it to Kafka's consumer group which silo reads which partition.</summary>
/// <remarks>
/// A partition moves after its reader has stopped and committed. What membership of the cluster and of the group say may differ for a
/// while, which is no harm: lanes are grains, and are found wherever the reader is.
/// </remarks>
internal sealed class GroupBalancer : QueueBalancerBase, IStreamQueueBalancer
{
    private readonly KafkaQueueAdapterFactory _factory;
    private KafkaGroupMember? _member;

    public GroupBalancer(IServiceProvider services, string name)
        : base(services, services.GetRequiredService<ILogger<GroupBalancer>>())
    {
        _factory = KafkaQueueAdapterFactory.Create(services, name);
    }

    public override async Task Initialize(IStreamQueueMapper queueMapper)
    {
        await base.Initialize(queueMapper);
        _member = _factory.JoinGroup(NotifyListeners);
    }

    // By now the agents have stopped and their readers have committed.
    public override async Task Shutdown()
    {
        await base.Shutdown();
        if (_member is not null)
        {
            await _member.DisposeAsync();
        }
    }

    public override IEnumerable<QueueId> GetMyQueues() =>
        [.. (_member?.Partitions ?? []).Order().Select(_factory.Queues.QueueOf)];

    // The group has members of its own.
    protected override void OnClusterMembershipChange(HashSet<SiloAddress> activeSilos)
    {
    }
}
