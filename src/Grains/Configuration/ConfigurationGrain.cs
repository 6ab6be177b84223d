using System.Globalization;
using Orleans.Utilities;
using Personalization.Core;
using Personalization.Core.Configuration;
using Personalization.Core.Privacy;
using Personalization.Grains.Audit;
using Personalization.Grains.Storage;

namespace Personalization.Grains.Configuration;

/// <summary>Holds the configuration's documents; what a change does to them is Core's.</summary>
internal sealed class ConfigurationGrain(
    [PersistentState("configuration", Stores.State)] IPersistentState<StoredBytes> state,
    Vocabulary words,
    TimeProvider time,
    ILogger<ConfigurationGrain> logger) : Grain, IConfigurationGrain
{
    private static readonly TimeSpan WatchFor = TimeSpan.FromMinutes(1);

    private readonly ObserverManager<IConfigurationObserver> _watching = new(WatchFor, logger);
    private ConfigurationState _current = ConfigurationState.Empty;
    private AuditDraft? _unrecorded;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _current = state.State.Bytes.Length == 0 ? ConfigurationState.Empty : ConfigurationCodec.Read(state.State.Bytes, words);
        if (_current.Plan.Revision > 0)
        {
            // An activation before this one may have died between the change and its record. What was changed only it knew.
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var revision = _current.Plan.Revision;
            _unrecorded = new AuditDraft(
                now, AuditKinds.Configuration, "system", null, string.Create(CultureInfo.InvariantCulture, $$"""{"revision":{{revision}}}"""), revision);
        }

        return Task.CompletedTask;
    }

    public async ValueTask<ChangeReply> ChangeAsync(byte[] change)
    {
        await PutOnRecordAsync();
        var read = ConfigurationCodec.ReadChange(change);
        var outcome = _current.Apply(read, words, out var next);
        if (!ReferenceEquals(next, _current))
        {
            state.State.Bytes = ConfigurationCodec.Write(next);
            await state.WriteStateAsync();
            _current = next;
            _unrecorded = AuditDrafts.Of(read, outcome, time.GetUtcNow().ToUnixTimeMilliseconds());
            await PutOnRecordAsync();
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

    /// <summary>Puts the last change on record. It is known there by its revision, so that once is once however often this is done.</summary>
    private async Task PutOnRecordAsync()
    {
        if (_unrecorded is { } draft)
        {
            await GrainFactory.PutOnRecordAsync(draft);
            _unrecorded = null;
        }
    }
}
