using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Personalization.Core;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
using Personalization.Core.Training;
using Personalization.Grains;
using Personalization.Grains.Configuration;
using StackExchange.Redis;

namespace Personalization.Silo.Redis;

/// <summary>Keeps sessions for training in Redis: a hash for each pseudonym, which expires by itself.</summary>
/// <remarks>
/// The secrets of pseudonyms are made and shared here, one for each period of <see cref="Pseudonym.SecretDays"/> days. A secret expires when
/// nothing made with it can be there any more.
/// </remarks>
internal sealed class RedisTrainingMemory(
    IConnectionMultiplexer redis, SharedConfiguration configuration, Vocabulary words, TimeProvider time, SiloOptions options) : ITrainingMemory
{
    private const int KeysAtOnce = 200;
    private const long GapMilliseconds = UserProfile.SessionGapSeconds * 1000L;

    private (long Period, byte[] Secret) _current;

    public async Task WriteAsync(IReadOnlyList<(string Person, long StartedAt, byte[] Body)> sessions)
    {
        var secret = await CurrentAsync();
        var lifetime = TimeSpan.FromDays(configuration.Current.Plan.Retention.TrainingDays);
        var database = redis.GetDatabase();
        var writing = new List<Task>(sessions.Count * 2);
        foreach (var (person, startedAt, body) in sessions)
        {
            var key = KeyOf(Pseudonym.Of(person, secret));
            writing.Add(database.HashSetAsync(key, startedAt, body));
            writing.Add(database.KeyExpireAsync(key, lifetime));
        }

        await Task.WhenAll(writing);
    }

    public async ValueTask<int> EraseAsync(string person)
    {
        var database = redis.GetDatabase();
        var erased = 0L;
        foreach (var secret in await SecretsAsync())
        {
            var key = KeyOf(Pseudonym.Of(person, secret));
            erased += await database.HashLengthAsync(key);
            await database.KeyDeleteAsync(key);
        }

        return (int)erased;
    }

    public async ValueTask<IReadOnlyList<TrainingSession>> FindOfAsync(string person)
    {
        var found = new List<TrainingSession>();
        foreach (var secret in await SecretsAsync())
        {
            var pseudonym = Pseudonym.Of(person, secret);
            found.AddRange((await redis.GetDatabase().HashGetAllAsync(KeyOf(pseudonym))).Select(entry => OpenSession.Read(pseudonym, (byte[])entry.Value!)));
        }

        return [.. found.OrderBy(session => session.StartedAt)];
    }

    public async IAsyncEnumerable<TrainingSession> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var database = redis.GetDatabase();
        var cutoff = RetentionPolicy.Cutoff(configuration.Current.Plan.Retention.TrainingDays, Now)!.Value;
        var cursor = "0";
        do
        {
            cancellation.ThrowIfCancellationRequested();
            var answer = (RedisResult[])(await database.ExecuteAsync("SCAN", cursor, "MATCH", $"{Prefix}*", "COUNT", KeysAtOnce))!;
            cursor = (string)answer[0]!;
            foreach (var key in (string[])answer[1]!)
            {
                var pseudonym = Convert.FromHexString(key[Prefix.Length..]);
                foreach (var entry in await database.HashGetAllAsync(key))
                {
                    var bytes = (byte[])entry.Value!;
                    var ended = OpenSession.Resume(bytes, words).LastAt;
                    if (ended < cutoff)
                    {
                        await database.HashDeleteAsync(key, entry.Name);
                    }
                    else if (ended < Now - GapMilliseconds)
                    {
                        yield return OpenSession.Read(pseudonym, bytes);
                    }
                }
            }
        }
        while (cursor != "0");
    }

    private async ValueTask<byte[]> CurrentAsync()
    {
        var period = Now / (Pseudonym.SecretDays * 86_400_000L);
        if (_current is { Secret: { } known } && _current.Period == period)
        {
            return known;
        }

        // Whoever is first makes it; all others read it.
        var database = redis.GetDatabase();
        RedisKey key = $"{options.ServiceId}/training-secret/{period.ToString(CultureInfo.InvariantCulture)}";
        await database.StringSetAsync(
            key,
            RandomNumberGenerator.GetBytes(Pseudonym.SecretLength),
            TimeSpan.FromDays((2 * Pseudonym.SecretDays) + configuration.Current.Plan.Retention.TrainingDays),
            When.NotExists);
        var secret = (byte[])(await database.StringGetAsync(key))!;
        _current = (period, secret);
        return secret;
    }

    private async Task<IReadOnlyList<byte[]>> SecretsAsync()
    {
        var last = Now / (Pseudonym.SecretDays * 86_400_000L);
        var periods = 2 + (configuration.Current.Plan.Retention.TrainingDays / Pseudonym.SecretDays);
        var secrets = await redis.GetDatabase().StringGetAsync(
            [.. Enumerable.Range(0, periods + 1).Select(ago => (RedisKey)$"{options.ServiceId}/training-secret/{last - ago}")]);
        return [.. secrets.Where(secret => !secret.IsNull).Select(secret => (byte[])secret!)];
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private string Prefix => $"{options.ServiceId}/training/";

    private RedisKey KeyOf(byte[] pseudonym) => Prefix + Convert.ToHexStringLower(pseudonym);
}
