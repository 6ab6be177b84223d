using Personalization.Core;
using Personalization.Core.DeadLetters;
using Personalization.Grains;
using StackExchange.Redis;

namespace Personalization.Silo.Redis;

/// <summary>Rejected events in Redis: a hash of letters by number, at most <see cref="Most"/>.</summary>
internal sealed class RedisDeadLetterStore(IConnectionMultiplexer redis, SiloOptions options) : IDeadLetterStore
{
    private const int Most = 10_000;
    private const int PageLength = 200;

    // The hash knows no order, so the numbers also lie in a sorted set.
    private const string Keep = """
        for i = 2, #ARGV do
          local id = redis.call('INCR', KEYS[3])
          redis.call('HSET', KEYS[1], id, ARGV[i])
          redis.call('ZADD', KEYS[2], id, id)
        end
        local over = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[1])
        if over > 0 then
          for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, over - 1)) do redis.call('HDEL', KEYS[1], id) end
          redis.call('ZREMRANGEBYRANK', KEYS[2], 0, over - 1)
        end
        """;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    // One slot for all three keys, so that a script may touch them in a Redis cluster.
    private RedisKey Letters => $"{{{options.ServiceId}/dead-letters}}/letters";

    private RedisKey Order => $"{{{options.ServiceId}/dead-letters}}/order";

    private RedisKey Last => $"{{{options.ServiceId}/dead-letters}}/last";

    public async ValueTask KeepAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellation) => await AskAsync(async database =>
    {
        RedisValue[] arguments = [Most, .. letters.Select(letter => (RedisValue)DeadLetterCodec.Write(letter))];
        await database.ScriptEvaluateAsync(Keep, [Letters, Order, Last], arguments);
        return true;
    });

    public async ValueTask<IReadOnlyList<DeadLetter>> FindAsync(DeadLetterFilter filter, CancellationToken cancellation) =>
        await AskAsync(database => ReadAsync(database, filter, filter.Limit));

    public async ValueTask<int> RemoveAsync(DeadLetterFilter filter, CancellationToken cancellation) => await AskAsync(async database =>
    {
        RedisValue[] ids = [.. (await ReadAsync(database, filter, int.MaxValue)).Select(letter => (RedisValue)letter.Id)];
        if (ids.Length > 0)
        {
            var batch = database.CreateTransaction();
            _ = batch.HashDeleteAsync(Letters, ids);
            _ = batch.SortedSetRemoveAsync(Order, ids);
            await batch.ExecuteAsync();
        }

        return ids.Length;
    });

    private async Task<IReadOnlyList<DeadLetter>> ReadAsync(IDatabase database, DeadLetterFilter filter, int limit)
    {
        var found = new List<DeadLetter>();
        for (var from = 0; found.Count < limit; from += PageLength)
        {
            var ids = await database.SortedSetRangeByRankAsync(Order, from, from + PageLength - 1, StackExchange.Redis.Order.Descending);
            if (ids.Length == 0)
            {
                break;
            }

            var bodies = await database.HashGetAsync(Letters, ids);
            for (var i = 0; i < ids.Length && found.Count < limit; i++)
            {
                if (!bodies[i].IsNull && DeadLetterCodec.Read((long)ids[i], (byte[])bodies[i]!) is var letter && filter.Fits(letter))
                {
                    found.Add(letter);
                }
            }
        }

        return found;
    }

    private async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        try
        {
            return await ask(redis.GetDatabase());
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw new UnavailableException("The dead letters can't be reached now.", RetryAfter, exception);
        }
    }
}
