using Personalization.Grains.Retention;

namespace Personalization.Silo;

/// <summary>Sees to it, once this silo is up, that expired profiles are looked for.</summary>
internal sealed partial class RetentionStart(IGrainFactory grains, TimeProvider time, ILogger<RetentionStart> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await grains.GetGrain<IRetentionGrain>(0).EnsureAsync();
                return;
            }
#pragma warning disable CA1031 // The cluster is not ready, or its store is away.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogNotEnsured(exception);
            }

            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The looking for expired profiles could not be arranged yet.")]
    private partial void LogNotEnsured(Exception exception);
}
