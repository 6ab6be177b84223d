using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;
using Personalization.Core.Ingestion;

namespace Personalization.Streaming.Kafka.Provider;

/// <summary>Shares the partitions evenly over the active silos, and follows silos that come and go and partitions that are added.</summary>
/// <remarks>
/// Every silo computes the same shares from the same members, by rendezvous hashing with a cap of ⌈partitions / silos⌉, so that few
/// partitions move when one silo joins or leaves. Members are seen a moment later on one silo than on another: two may read one
/// partition for that moment, which costs repeated deliveries and no records.
/// </remarks>
internal sealed partial class MembershipBalancer : QueueBalancerBase, IStreamQueueBalancer
{
    private readonly KafkaQueueAdapterFactory _factory;
    private IStreamQueueMapper? _mapper;
    private volatile string[] _silos = [];

    public MembershipBalancer(IServiceProvider services, string name)
        : base(services, services.GetRequiredService<ILogger<MembershipBalancer>>())
    {
        _factory = KafkaQueueAdapterFactory.Create(services, name);
    }

    public override async Task Initialize(IStreamQueueMapper queueMapper)
    {
        _mapper = queueMapper;
        _factory.Topic.Grew += OnGrew;
        await base.Initialize(queueMapper);
    }

    public override async Task Shutdown()
    {
        _factory.Topic.Grew -= OnGrew;
        await base.Shutdown();
    }

    public override IEnumerable<QueueId> GetMyQueues()
    {
        if (_mapper is null)
        {
            return [];
        }

        QueueId[] queues = [.. _mapper.GetAllQueues().OrderBy(queue => queue.GetNumericId())];
        var me = SiloAddress.ToParsableString();
        return queues.Zip(Share(queues.Length, _silos)).Where(pair => pair.Second == me).Select(pair => pair.First).ToList();
    }

    /// <summary>Gives each partition its silo; empty where there are no silos.</summary>
    internal static string[] Share(int partitions, IReadOnlyList<string> silos)
    {
        if (silos.Count == 0)
        {
            return [];
        }

        var cap = (partitions + silos.Count - 1) / silos.Count;
        var load = silos.ToDictionary(silo => silo, _ => 0, StringComparer.Ordinal);
        var shares = new string[partitions];
        for (var partition = 0; partition < partitions; partition++)
        {
            var silo = silos.Where(candidate => load[candidate] < cap)
                .MaxBy(candidate => (Weight(candidate, partition), candidate), Comparer<(uint, string)>.Create((left, right) =>
                    left.Item1 != right.Item1 ? left.Item1.CompareTo(right.Item1) : string.CompareOrdinal(left.Item2, right.Item2)))!;
            load[silo]++;
            shares[partition] = silo;
        }

        return shares;
    }

    protected override void OnClusterMembershipChange(HashSet<SiloAddress> activeSilos)
    {
        _silos = [.. activeSilos.Select(silo => silo.ToParsableString()).Order(StringComparer.Ordinal)];
        Tell();
    }

    private static uint Weight(string silo, int partition) =>
        LanePlan.HashOf(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{silo}/{partition}")));

    private void OnGrew(int before) => Tell();

    private void Tell() => NotifyListeners().ContinueWith(
        told => LogFailed(Logger, told.Exception!),
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sharing the partitions anew failed; the next change of members tries again.")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
