using Personalization.Core;
using Personalization.Core.Privacy;
using Personalization.Grains.Audit;
using StackExchange.Redis;

namespace Personalization.Silo.Redis;

/// <summary>Keeps each chain of the audit trail in a list, the end of it beside the list, and where each subject's entries are.</summary>
/// <remarks>All keys of a chain have one hash tag, so that they are in one slot of a Redis cluster and a script may use them together.</remarks>
internal sealed class RedisAuditStore(IConnectionMultiplexer redis, SiloOptions options) : IAuditStore
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private const string Append = """
        if redis.call('LLEN', KEYS[1]) ~= tonumber(ARGV[1]) then return 0 end
        redis.call('RPUSH', KEYS[1], ARGV[2])
        redis.call('SET', KEYS[2], ARGV[3])
        redis.call('HSET', KEYS[3], ARGV[4], ARGV[5])
        if ARGV[6] ~= '' then redis.call('RPUSH', KEYS[4], ARGV[6]) end
        return 1
        """;

    private const string KeepSalt = "redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) return redis.call('HGET', KEYS[1], ARGV[1])";

    public async ValueTask<bool> TryAppendAsync(int chain, AuditEntry entry, string source, long position, CancellationToken cancellation)
    {
        byte[] head = [.. BitConverter.GetBytes(entry.Sequence), .. entry.Hash.Span];
        var appended = await AskAsync(database => database.ScriptEvaluateAsync(
            Append,
            [Key(chain, "entries"), Key(chain, "head"), Key(chain, "positions"), SubjectKey(chain, entry.Subject ?? "")],
            [entry.Sequence - 1, AuditChain.Write(entry), head, source, position, entry.Subject is null ? "" : entry.Sequence]));
        return (long)appended == 1;
    }

    public async ValueTask<AuditHead> ReadHeadAsync(int chain, CancellationToken cancellation)
    {
        byte[]? head = await AskAsync(database => database.StringGetAsync(Key(chain, "head")));
        return head is null ? AuditHead.Empty : new AuditHead(BitConverter.ToInt64(head), head.AsMemory(sizeof(long)));
    }

    public async ValueTask<IReadOnlyList<AuditEntry>> ReadAsync(int chain, long after, int limit, CancellationToken cancellation)
    {
        var entries = await AskAsync(database => database.ListRangeAsync(Key(chain, "entries"), after, after + limit - 1));
        return [.. entries.Select(entry => AuditChain.Read((byte[])entry!))];
    }

    public async ValueTask<IReadOnlyList<AuditEntry>> ReadOfAsync(int chain, string subject, CancellationToken cancellation)
    {
        var sequences = await AskAsync(database => database.ListRangeAsync(SubjectKey(chain, subject)));
        var reading = sequences.Select(sequence => AskAsync(database => database.ListGetByIndexAsync(Key(chain, "entries"), (long)sequence - 1)));
        return [.. (await Task.WhenAll(reading)).Where(entry => !entry.IsNull).Select(entry => AuditChain.Read((byte[])entry!))];
    }

    public async ValueTask<long> ReadPositionAsync(int chain, string source, CancellationToken cancellation) =>
        (long?)await AskAsync(database => database.HashGetAsync(Key(chain, "positions"), source)) ?? 0;

    public async ValueTask<byte[]?> FindSaltAsync(int chain, string person, CancellationToken cancellation) =>
        await AskAsync(database => database.HashGetAsync(Key(chain, "salts"), person));

    public async ValueTask<byte[]> KeepSaltAsync(int chain, string person, byte[] salt, CancellationToken cancellation) =>
        (byte[])(await AskAsync(database => database.ScriptEvaluateAsync(KeepSalt, [Key(chain, "salts")], [person, salt])))!;

    public async ValueTask DestroySaltAsync(int chain, string person, CancellationToken cancellation) =>
        await AskAsync(database => database.HashDeleteAsync(Key(chain, "salts"), person));

    private async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        try
        {
            return await ask(redis.GetDatabase());
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw new UnavailableException("The audit trail can't be reached.", RetryAfter, exception);
        }
    }

    private RedisKey Key(int chain, string what) => $"{options.ServiceId}/audit/{{{chain}}}/{what}";

    private RedisKey SubjectKey(int chain, string subject) => Key(chain, $"subject/{subject}");
}
