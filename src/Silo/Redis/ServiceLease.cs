using StackExchange.Redis;

namespace Personalization.Silo.Redis;

/// <summary>Which cluster a service belongs to while it runs: two of them would hold the same people and overwrite each other.</summary>
/// <remarks>
/// Every silo renews it for its cluster, so it ends by itself some seconds after the last of them. A cluster that lost it, because all its
/// silos hung and another cluster has begun meanwhile, stops.
/// </remarks>
internal sealed partial class ServiceLease(
    IConnectionMultiplexer redis, SiloOptions options, TimeProvider time, IHostApplicationLifetime host, ILogger<ServiceLease> logger) : BackgroundService
{
    private const string Claim = """
        local holder = redis.call('GET', KEYS[1])
        if holder and holder ~= ARGV[1] then return holder end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return nil
        """;

    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>Takes the lease; waits for one to end whose cluster may be dead.</summary>
    /// <exception cref="OptionException">Another cluster of this service runs.</exception>
    public static async Task ClaimAsync(IConnectionMultiplexer redis, SiloOptions options)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (await TryClaimAsync(redis, options) is { } holder)
        {
            if (TimeProvider.System.GetElapsedTime(began) > Lasts + RenewEvery)
            {
                throw new OptionException(
                    $"--cluster-id: service {options.ServiceId} belongs to cluster {holder}, which runs; this silo was told {options.ClusterId}. "
                    + "Two clusters of one service would overwrite each other's people: give this one another --service-id, or stop the other first.");
            }

            await Task.Delay(AskAgain);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await TryClaimAsync(redis, options) is { } holder)
                {
                    LogLost(options.ServiceId, holder);
                    host.StopApplication();
                    return;
                }
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                LogNotRenewed(exception);
            }

            await Task.Delay(RenewEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<string?> TryClaimAsync(IConnectionMultiplexer redis, SiloOptions options) => (string?)await redis.GetDatabase()
        .ScriptEvaluateAsync(Claim, [$"{options.ServiceId}/cluster"], [options.ClusterId, (long)Lasts.TotalMilliseconds]);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Service {Service} belongs to cluster {Holder} now; this silo stops before it overwrites what that one stores.")]
    private partial void LogLost(string service, string holder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "That this cluster still runs could not be noted in Redis.")]
    private partial void LogNotRenewed(Exception exception);
}
