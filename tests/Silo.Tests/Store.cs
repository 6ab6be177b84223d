using Personalization.Core;
using Personalization.Core.Profiles;
using Personalization.Grains.Retention;
using StackExchange.Redis;

namespace Personalization.Silo.Tests;

/// <summary>What silos stored, seen from outside of them.</summary>
internal sealed class Store : IDisposable
{
    private const string Configuration = "personalization/state/configuration/0/configuration";

    private const string Walk = "personalization/state/retention/0/retention";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // For what comes once a minute, or takes silos some rounds of probes, however busy the machine is.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly ConnectionMultiplexer _redis;

    private Store(ConnectionMultiplexer redis) => _redis = redis;

    public static async Task<Store> OpenAsync(RedisServer server) =>
        new(await ConnectionMultiplexer.ConnectAsync($"{server.Address},allowAdmin=true,asyncTimeout=30000"));

    public async Task<byte[]?> ProfileAsync(string person) => await _redis.GetDatabase().HashGetAsync(KeyOf(person), "data");

    public Task WriteProfileAsync(string person, byte[] bytes) =>
        _redis.GetDatabase().HashSetAsync(KeyOf(person), [new HashEntry("data", bytes), new HashEntry("etag", "written-by-a-test")]);

    /// <summary>Counts the profiles that are stored.</summary>
    public async Task<int> ProfilesAsync() => await _redis.GetServers()[0].KeysAsync(pattern: KeyOf("*"), pageSize: 1000).CountAsync();

    /// <summary>Waits until nothing of a person is stored.</summary>
    public Task UntilGoneAsync(string person) => UntilAsync(async () => await ProfileAsync(person) is null, Patience);

    /// <summary>Reads how far the walk through the stored profiles is.</summary>
    public async Task<RetentionWalk> WalkAsync() => RetentionWalk.Read((byte[]?)await _redis.GetDatabase().HashGetAsync(Walk, "data") ?? []);

    public Task UntilWalkAsync(Func<RetentionWalk, bool> wanted) => UntilAsync(async () => wanted(await WalkAsync()), Patience);

    public async Task<byte[]?> ConfigurationAsync() => await _redis.GetDatabase().HashGetAsync(Configuration, "data");

    public Task WriteConfigurationAsync(byte[] bytes) => _redis.GetDatabase().HashSetAsync(Configuration, "data", bytes);

    /// <summary>Notes that the service's profiles are of a version.</summary>
    public Task NoteFormatAsync(int profile) => _redis.GetDatabase().HashSetAsync("personalization/format", "profile", profile);

    /// <summary>Has the server refuse all writes, as one does that lost its replicas, or take them again.</summary>
    public Task RefuseWritesAsync(bool refuse) => _redis.GetDatabase().ExecuteAsync("CONFIG", "SET", "min-replicas-to-write", refuse ? "1" : "0");

    /// <summary>Makes the server a replica of one that is gone, which may be read only, or its own master again.</summary>
    public Task BeReplicaAsync(bool replica) => replica
        ? _redis.GetDatabase().ExecuteAsync("REPLICAOF", "127.0.0.1", "1")
        : _redis.GetDatabase().ExecuteAsync("REPLICAOF", "NO", "ONE");

    /// <summary>Has the server answer nobody for a while, as one does whose disk or host hangs: connections stay open.</summary>
    public Task HangAsync(TimeSpan time) => _redis.GetDatabase().ExecuteAsync("CLIENT", "PAUSE", $"{time.TotalMilliseconds:0}", "ALL");

    /// <summary>Deletes the table of members: in a snapshot it names silos that are gone, and who starts waits for them.</summary>
    public Task ForgetMembersAsync() => _redis.GetDatabase().KeyDeleteAsync("personalization/members/personalization");

    /// <summary>Notes over how many partitions people are spread, as a service did when it first saw its topic.</summary>
    public Task NotePartitionsAsync(int partitions) => _redis.GetDatabase().HashSetAsync(
        "personalization/topic", [new HashEntry("epoch", 0), new HashEntry("topic", "events"), new HashEntry("partitions", partitions)]);

    /// <summary>Gets the version that a person's stored profile has; 0 where nothing is stored.</summary>
    public async Task<long> VersionAsync(string person) =>
        await ProfileAsync(person) is { } bytes ? UserProfile.Read(person, bytes, new Vocabulary()).Version : 0;

    /// <summary>Waits until a person's stored profile has a version.</summary>
    public Task UntilAsync(string person, long version) => UntilAsync(async () => await VersionAsync(person) >= version);

    /// <summary>Waits until the silos' table of members calls one of them dead.</summary>
    public Task UntilOneIsDeadAsync() => UntilAsync(async () =>
        (await _redis.GetDatabase().HashGetAllAsync("personalization/members/personalization")).Any(member => ((string)member.Value!).Contains("\"Status\":6", StringComparison.Ordinal)), Patience);

    public void Dispose() => _redis.Dispose();

    private static string KeyOf(string person) => $"personalization/state/userprofile/{person}/profile";

    private static async Task UntilAsync(Func<Task<bool>> wanted, TimeSpan? most = null)
    {
        using var limit = new CancellationTokenSource(most ?? Limit);
        while (!await wanted())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
