using Personalization.Grains.Configuration;
using Personalization.Grains.Learning;
using Personalization.Grains.Monitoring;

namespace Personalization.Silo;

/// <summary>Keeps this process's copies of the configuration and of what was learned close to the cluster's.</summary>
internal sealed partial class ClusterSync(
    SharedConfiguration configuration, SharedKnowledge knowledge, SharedVolumes volumes, TimeProvider time, ILogger<ClusterSync> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long watched = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (watched == 0 || time.GetElapsedTime(watched) > WatchInterval)
                {
                    await configuration.WatchAsync();
                    watched = time.GetTimestamp();
                }

                await configuration.RefreshAsync();
                await knowledge.ExchangeAsync(configuration.Current.Plan.Catalog);
                await volumes.ExchangeAsync();
            }
#pragma warning disable CA1031 // The copies are a little older until the next time.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogNotSynced(exception);
            }

            await configuration.WaitAsync(Interval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The configuration or what was learned could not be fetched; decisions go on with the copies of before.")]
    private partial void LogNotSynced(Exception exception);
}
