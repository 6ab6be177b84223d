using Personalization.Grains.Configuration;

namespace Personalization.Silo;

/// <summary>Whether this process should be asked: not before it has a configuration, and not any more once it is to stop.</summary>
internal sealed class Readiness(SiloOptions options, SharedConfiguration configuration) : IHostedLifecycleService
{
    private volatile bool _ready;

    public bool IsReady => _ready && configuration.IsFetched;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _ready = true;
        return Task.CompletedTask;
    }

    // First of all that happens at a stop: requests are still answered while balancers notice.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _ready = false;
        await Task.Delay(options.Drain, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
