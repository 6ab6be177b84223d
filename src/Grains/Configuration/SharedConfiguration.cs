using Personalization.Core;
using Personalization.Core.Configuration;

namespace Personalization.Grains.Configuration;

/// <summary>This process's compiled copy of the cluster's configuration.</summary>
public sealed class SharedConfiguration(IGrainFactory grains, Vocabulary words) : IConfigurationObserver, IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _hinted = new(0, 1);
    private volatile ConfigurationState _current = ConfigurationState.Empty;
    private IConfigurationObserver? _reference;

    /// <summary>Gets the copy.</summary>
    public ConfigurationState Current => _current;

    /// <summary>Gets whether the cluster's configuration was ever fetched; before that the copy is empty.</summary>
    public bool IsFetched { get; private set; }

    /// <inheritdoc/>
    public Task ChangedAsync(long revision)
    {
        Hint();
        return Task.CompletedTask;
    }

    /// <summary>Applies a change, and has it in this process too when it returns.</summary>
    /// <exception cref="UnavailableException">The change can't be stored now.</exception>
    public async ValueTask<ChangeOutcome> ChangeAsync(ConfigurationChange change)
    {
        ChangeReply reply;
        try
        {
            reply = await grains.GetGrain<IConfigurationGrain>(0).ChangeAsync(ConfigurationCodec.Write(change));
        }
        catch (Exception exception) when (IsAway(exception))
        {
            throw new UnavailableException($"The configuration can't be changed now. {exception.Message}", RetryAfter, exception);
        }

        try
        {
            await RefreshAsync();
        }
        catch (Exception exception) when (IsAway(exception))
        {
            // It is stored all the same; the poll brings it to this process.
        }

        return reply.ToOutcome();
    }

    /// <summary>Fetches the configuration if it is another than this process has.</summary>
    public async Task RefreshAsync()
    {
        var bytes = await grains.GetGrain<IConfigurationGrain>(0).ReadUnlessAsync(_current.Plan.Revision);
        if (bytes is null)
        {
            IsFetched = true;
            return;
        }

        var read = ConfigurationCodec.Read(bytes, words);
        lock (_hinted)
        {
            // Two fetches may end in the other order than they began.
            _current = read.Plan.Revision > _current.Plan.Revision ? read : _current;
            IsFetched = true;
        }
    }

    /// <summary>Asks to be told of new revisions. To be asked again now and then, because the asking wears off.</summary>
    public ValueTask WatchAsync()
    {
        _reference ??= grains.CreateObjectReference<IConfigurationObserver>(this);
        return grains.GetGrain<IConfigurationGrain>(0).WatchAsync(_reference);
    }

    /// <summary>Waits until there may be a new revision, at most so long.</summary>
    public Task WaitAsync(TimeSpan most, CancellationToken cancellation) => _hinted.WaitAsync(most, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _hinted.Dispose();

    // An activation that can't read the store, a silo that left, a call that took too long: all of them pass.
    private static bool IsAway(Exception exception) => exception is ConfigurationNotStoredException or OrleansException or TimeoutException;

    private void Hint()
    {
        lock (_hinted)
        {
            if (_hinted.CurrentCount == 0)
            {
                _hinted.Release();
            }
        }
    }
}
