using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using Orleans.Storage;
using Orleans.TestingHost;
using Personalization.Core;
using Personalization.Core.Profiles;
using Personalization.Grains;
using Personalization.Grains.Audit;
using Personalization.Grains.Configuration;
using Personalization.Grains.Lanes;
using Personalization.Grains.Learning;
using Personalization.Grains.Monitoring;
using Personalization.Grains.Profiles;
using Personalization.Grains.Storage;

namespace Personalization.Conformance.Tests.Cluster;

/// <summary>Two real Orleans silos; only the log and the store are in memory.</summary>
internal sealed class ClusterHost : IConformingHost
{
    private readonly MemoryLog _log = new();
    private readonly MemoryDecisions _decisions = new();
    private readonly MemoryAudit _audit = new();
    private readonly MemoryDeadLetters _deadLetters = new();
    private readonly MemoryTraining _training = new();
    private readonly InProcessTestCluster _cluster;
    private int _brought;
    private int _asked;

    private ClusterHost()
    {
        var builder = new InProcessTestClusterBuilder(initialSilosCount: 2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorage(Stores.State, options => options.GrainStorageSerializer = new StoredBytesSerializer());
            silo.Services.TryAddSingleton(TimeProvider.System);
            silo.Services.AddPersonalizationGrains();
            silo.Services.AddSingleton<IEventAppender>(_log);
            silo.Services.AddSingleton<IDecisionMemory>(_decisions);
            silo.Services.AddSingleton<IAuditStore>(_audit);
            silo.Services.AddSingleton<IDeadLetterStore>(_deadLetters);
            silo.Services.AddSingleton<ITrainingMemory>(_training);
            silo.UseInMemoryReminderService();
        });
        _cluster = builder.Build();
    }

    public IPersonalizer Personalizer => Any<ClusterPersonalizer>(_asked++);

    public static async Task<IConformingHost> StartAsync()
    {
        var host = new ClusterHost();
        await host._cluster.DeployAsync();
        return host;
    }

    public async Task SettleAsync()
    {
        var events = _log.ReadFrom(_brought);
        _brought += events.Length;
        await BringAsync(events);
        for (var round = 0; round < 2; round++)
        {
            // The first round shares what each process learned, the second fetches what the last of them shared.
            for (var silo = 0; silo < _cluster.Silos.Count; silo++)
            {
                await Any<SharedConfiguration>(silo).RefreshAsync();
                await Any<SharedKnowledge>(silo).ExchangeAsync(Any<SharedConfiguration>(silo).Current.Plan.Catalog);
                await Any<SharedVolumes>(silo).ExchangeAsync();
            }
        }
    }

    public Task ReplayAsync(int from) => BringAsync(_log.ReadFrom(from));

    public async Task<byte[]?> StateOfAsync(string person)
    {
        if (await _cluster.Client.GetGrain<IUserProfileGrain>(person).ReadAsync() is not { } bytes)
        {
            return null;
        }

        var words = new Vocabulary();
        var state = new System.Buffers.ArrayBufferWriter<byte>();
        UserProfile.Read(person, bytes, words).WriteState(state, words);
        return state.WrittenSpan.ToArray();
    }

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    private async Task BringAsync(LaneEvent[] events)
    {
        var sessions = new LaneSessions(_training, Any<Vocabulary>(1), TimeProvider.System);
        var lane = new LaneFolder(Any<IGrainFactory>(1), Any<SharedKnowledge>(1), sessions, Any<Vocabulary>(1), Unreadable);
        await lane.FoldAsync(events);
        await lane.FlushAsync();
    }

    private static Task Unreadable(IReadOnlyList<LaneEvent> events, string reason) => throw new InvalidDataException(reason);

    private T Any<T>(int silo)
        where T : notnull =>
        _cluster.GetSiloServiceProvider(_cluster.Silos[silo % _cluster.Silos.Count].SiloAddress).GetRequiredService<T>();
}
