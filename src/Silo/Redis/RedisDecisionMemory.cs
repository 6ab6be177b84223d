using System.Buffers;
using System.Threading.Channels;
using Personalization.Core.Decisions;
using Personalization.Grains;
using StackExchange.Redis;

namespace Personalization.Silo.Redis;

/// <summary>Remembers decisions in Redis for some days. A decision never waits for it.</summary>
internal sealed partial class RedisDecisionMemory(IConnectionMultiplexer redis, SiloOptions options, ILogger<RedisDecisionMemory> logger)
    : BackgroundService, IDecisionMemory
{
    private const int MostWaiting = 10_000;
    private const int MostAtOnce = 100;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private readonly Channel<(RedisKey Key, byte[] Record)> _waiting = Channel.CreateBounded<(RedisKey, byte[])>(MostWaiting);
    private long _dropped;

    public long Dropped => Volatile.Read(ref _dropped);

    public void Add(Decision decision)
    {
        var record = new ArrayBufferWriter<byte>(512);
        DecisionCodec.Write(record, decision);
        if (!_waiting.Writer.TryWrite((KeyOf(decision.Id), record.WrittenSpan.ToArray())))
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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var some = new List<Task>(MostAtOnce);
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            some.Clear();
            while (some.Count < MostAtOnce && _waiting.Reader.TryRead(out var next))
            {
                some.Add(redis.GetDatabase().StringSetAsync(next.Key, next.Record, Lifetime));
            }

            try
            {
                await Task.WhenAll(some);
            }
            catch (Exception exception) when (IsAway(exception))
            {
                Interlocked.Add(ref _dropped, some.Count);
                LogNotWritten(exception, some.Count);
            }
        }
    }

    // RedisTimeoutException is no RedisException; one that escaped would stop the whole silo.
    private static bool IsAway(Exception exception) => exception is RedisException or TimeoutException;

    private RedisKey KeyOf(DecisionId id) => $"{options.ServiceId}/decision/{id}";

    [LoggerMessage(Level = LogLevel.Warning, Message = "A decision could not be looked up.")]
    private partial void LogNotRead(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} decisions could not be remembered.")]
    private partial void LogNotWritten(Exception exception, int count);
}
