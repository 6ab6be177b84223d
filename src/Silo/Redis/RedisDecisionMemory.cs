using System.Buffers;
using System.Threading.Channels;
using Personalization.Core;
using Personalization.Core.Decisions;
using Personalization.Grains;
using StackExchange.Redis;

namespace Personalization.Silo.Redis;

/// <summary>Remembers decisions in Redis for some days. A decision never waits for it.</summary>
internal sealed partial class RedisDecisionMemory(IConnectionMultiplexer redis, SiloOptions options, ILogger<RedisDecisionMemory> logger)
    : BackgroundService, IDecisionMemory
{
    private const int MostWaiting = 10_000;
    private const int CallsEach = 3;
    private const int MostAtOnce = 100 * CallsEach;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private readonly Channel<(DecisionId Id, string Person, string? Device, byte[] Record)> _waiting = Channel.CreateBounded<(DecisionId, string, string?, byte[])>(MostWaiting);
    private long _dropped;

    public long Dropped => Volatile.Read(ref _dropped);

    public void Add(Decision decision)
    {
        var record = new ArrayBufferWriter<byte>(512);
        DecisionCodec.Write(record, decision);
        if (!_waiting.Writer.TryWrite((decision.Id, decision.PersonId, decision.DeviceId, record.WrittenSpan.ToArray())))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    public async ValueTask<DecisionRecord?> FindAsync(DecisionId id, CancellationToken cancellation)
    {
        try
        {
            byte[]? record = await redis.GetDatabase().StringGetAsync(KeyOf(id));
            return record is null ? null : DecisionCodec.Read(record);
        }
        catch (Exception exception) when (IsAway(exception))
        {
            LogNotRead(exception);
            return null;
        }
    }

    public async ValueTask<IReadOnlyList<DecisionRecord>> FindOfAsync(string person)
    {
        var found = await ReadOfAsync(person);
        return [.. found.Where(entry => entry.Record.PersonId == person).Select(entry => entry.Record).OrderBy(decision => decision.Id.High)];
    }

    public async ValueTask<int> EraseAsync(string person)
    {
        var found = await ReadOfAsync(person);
        await redis.GetDatabase().KeyDeleteAsync([ListOf(person), .. found.Select(entry => entry.Key)]);
        return found.Count;
    }

    private Task NoteAsync(string id, DecisionId decision)
    {
        var list = ListOf(id);
        return Task.WhenAll(redis.GetDatabase().ListRightPushAsync(list, decision.ToString()), redis.GetDatabase().KeyExpireAsync(list, Lifetime));
    }

    private async Task<List<(RedisKey Key, DecisionRecord Record)>> ReadOfAsync(string person)
    {
        var database = redis.GetDatabase();
        var ids = await database.ListRangeAsync(ListOf(person));
        var keys = ids.Select(id => DecisionId.TryParse(((string)id!).AsSpan(), out var parsed) ? KeyOf(parsed) : default).Distinct().ToArray();
        var records = keys.Length == 0 ? [] : await database.StringGetAsync(keys);

        // Two people may share a hash.
        return [.. keys.Zip(records)
            .Where(entry => !entry.Second.IsNull)
            .Select(entry => (entry.First, DecisionCodec.Read((byte[])entry.Second!)))
            .Where(entry => entry.Item2.PersonId == person || entry.Item2.DeviceId == person)];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var some = new List<Task>(MostAtOnce);
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            some.Clear();
            while (some.Count < MostAtOnce && _waiting.Reader.TryRead(out var next))
            {
                // The list before the decision, so that none is there that its person can't be told of.
                some.Add(NoteAsync(next.Person, next.Id));
                some.Add(next.Device is { } device && device != next.Person ? NoteAsync(device, next.Id) : Task.CompletedTask);
                some.Add(redis.GetDatabase().StringSetAsync(KeyOf(next.Id), next.Record, Lifetime));
            }

            try
            {
                await Task.WhenAll(some);
            }
            catch (Exception exception) when (IsAway(exception))
            {
                Interlocked.Add(ref _dropped, some.Count / CallsEach);
                LogNotWritten(exception, some.Count / CallsEach);
            }
        }
    }

    // RedisTimeoutException is no RedisException; one that escaped would stop the whole silo.
    private static bool IsAway(Exception exception) => exception is RedisException or TimeoutException;

    // By a hash: a key is read more easily than a record.
    private RedisKey ListOf(string person) => $"{options.ServiceId}/decisions-of/{Core.StableHash.Of(person):x16}";

    private RedisKey KeyOf(DecisionId id) => $"{options.ServiceId}/decision/{id}";

    [LoggerMessage(Level = LogLevel.Warning, Message = "A decision could not be looked up.")]
    private partial void LogNotRead(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} decisions could not be remembered.")]
    private partial void LogNotWritten(Exception exception, int count);
}
