using Orleans.Utilities;
using Personalization.Core;
using Personalization.Core.Configuration;
using Personalization.Grains.Storage;

namespace Personalization.Grains.Configuration;

/// <summary>Holds the configuration's documents; what a change does to them is Core's.</summary>
internal sealed class ConfigurationGrain(
    [PersistentState("configuration", Stores.State)] IPersistentState<StoredBytes> state,
    Vocabulary words,
    ILogger<ConfigurationGrain> logger) : Grain, IConfigurationGrain
{
    private static readonly TimeSpan WatchFor = TimeSpan.FromMinutes(1);

    private readonly ObserverManager<IConfigurationObserver> _watching = new(WatchFor, logger);
    private ConfigurationState _current = ConfigurationState.Empty;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _current = state.State.Bytes.Length == 0 ? ConfigurationState.Empty : ConfigurationCodec.Read(state.State.Bytes, words);
        return Task.CompletedTask;
    }

    public async ValueTask<ChangeReply> ChangeAsync(byte[] change)
    {
        var outcome = _current.Apply(ConfigurationCodec.ReadChange(change), words, out var next);
        if (!ReferenceEquals(next, _current))
        {
            state.State.Bytes = ConfigurationCodec.Write(next);
            await state.WriteStateAsync();
            _current = next;
            await _watching.Notify(observer => observer.ChangedAsync(next.Plan.Revision));
        }

        return ChangeReply.Of(outcome);
    }

    public ValueTask<byte[]?> ReadUnlessAsync(long revision) =>
        new(_current.Plan.Revision == revision ? null : ConfigurationCodec.Write(_current));

    public ValueTask WatchAsync(IConfigurationObserver observer)
    {
        _watching.Subscribe(observer, observer);
        return default;
    }
}
