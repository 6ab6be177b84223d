using Personalization.Core;
using Personalization.Core.Profiles;
using StackExchange.Redis;

namespace Personalization.Silo.Tests;

/// <summary>What silos stored, seen from outside of them.</summary>
internal sealed class Store : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ConnectionMultiplexer _redis;

    private Store(ConnectionMultiplexer redis) => _redis = redis;

    public static async Task<Store> OpenAsync(RedisServer server) =>
        new(await ConnectionMultiplexer.ConnectAsync($"{server.Address},allowAdmin=true,asyncTimeout=30000"));

    public async Task<byte[]?> ProfileAsync(string person) => await _redis.GetDatabase().HashGetAsync(KeyOf(person), "data");

    public Task WriteProfileAsync(string person, byte[] bytes) => _redis.GetDatabase().HashSetAsync(KeyOf(person), "data", bytes);

    /// <summary>Has the server refuse all writes, as one does that lost its replicas, or take them again.</summary>
    public Task RefuseWritesAsync(bool refuse) => _redis.GetDatabase().ExecuteAsync("CONFIG", "SET", "min-replicas-to-write", refuse ? "1" : "0");

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
        (await _redis.GetDatabase().HashGetAllAsync("personalization/members/personalization")).Any(member => ((string)member.Value!).Contains("\"Status\":6", StringComparison.Ordinal)));

    public void Dispose() => _redis.Dispose();

    private static string KeyOf(string person) => $"personalization/state/userprofile/{person}/profile";

    private static async Task UntilAsync(Func<Task<bool>> wanted)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await wanted())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
