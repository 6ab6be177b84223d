using System.Globalization;
using Orleans.Utilities;
using Personalization.Core;
using Personalization.Core.Configuration;
using Personalization.Core.Privacy;
using Personalization.Grains.Audit;
using Personalization.Grains.Storage;

namespace Personalization.Grains.Configuration;

/// <summary>Holds the configuration's documents; what a change does to them is Core's.</summary>
/// <remarks>What it holds is what is stored: a change that could not be stored leaves no trace, and where only the store knows, it is asked.</remarks>
internal sealed partial class ConfigurationGrain(
    [PersistentState("configuration", Stores.State)] IPersistentState<StoredBytes> state,
    Vocabulary words,
    TimeProvider time,
    ILogger<ConfigurationGrain> logger) : Grain, IConfigurationGrain
{
    private static readonly TimeSpan WatchFor = TimeSpan.FromMinutes(1);

    private readonly ObserverManager<IConfigurationObserver> _watching = new(WatchFor, logger);
    private ConfigurationState _current = ConfigurationState.Empty;
    private string? _unreadable;
    private AuditDraft? _unrecorded;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Begin();
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
        CheckReadable();
        await PutOnRecordAsync();
        var read = ConfigurationCodec.ReadChange(change);
        var outcome = _current.Apply(read, words, out var next);
        if (!ReferenceEquals(next, _current))
        {
            await StoreAsync(ConfigurationCodec.Write(next));
            _current = next;
            _unrecorded = AuditDrafts.Of(read, outcome, time.GetUtcNow().ToUnixTimeMilliseconds());
            await PutOnRecordAsync();
            await _watching.Notify(observer => observer.ChangedAsync(next.Plan.Revision));
        }

        return ChangeReply.Of(outcome);
    }

    public ValueTask<byte[]?> ReadUnlessAsync(long revision)
    {
        CheckReadable();
        return new(_current.Plan.Revision == revision ? null : ConfigurationCodec.Write(_current));
    }

    public ValueTask WatchAsync(IConfigurationObserver observer)
    {
        _watching.Subscribe(observer, observer);
        return default;
    }

    /// <summary>Puts the last change on record. It is known there by its revision, so that once is once however often this is done.</summary>
    /// <remarks>A change that is stored and not on record yet is told as one that was not stored: sent again, it is put on record and changes nothing.</remarks>
    private async Task PutOnRecordAsync()
    {
        if (_unrecorded is not { } draft)
        {
            return;
        }

        try
        {
            await GrainFactory.PutOnRecordAsync(draft);
            _unrecorded = null;
        }
#pragma warning disable CA1031 // Whatever the store says, the caller is told that the change can be sent again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotStored(exception);
            throw new ConfigurationNotStoredException($"The change could not be put on record: {exception.Message}");
        }
    }

    /// <summary>When it returns the bytes are stored, and when it throws this activation holds what is.</summary>
    private async Task StoreAsync(byte[] bytes)
    {
        try
        {
            state.State.Bytes = bytes;
            await state.WriteStateAsync();
        }
#pragma warning disable CA1031 // Whatever the store says, the caller is told that the change can be sent again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotStored(exception);
            if (!await IsStoredAsync(bytes))
            {
                throw new ConfigurationNotStoredException($"The change could not be stored: {exception.Message}");
            }
        }
    }

    /// <summary>Asks the store whether a write that failed has landed all the same, as one that timed out may have.</summary>
    private async Task<bool> IsStoredAsync(byte[] bytes)
    {
        try
        {
            await state.ReadStateAsync();
        }
#pragma warning disable CA1031 // The store is away, so nobody knows: the next activation begins with what it says then.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotRead(exception);
            DeactivateOnIdle();
            return false;
        }

        Begin();
        return state.State.Bytes.AsSpan().SequenceEqual(bytes);
    }

    private void Begin()
    {
        try
        {
            _current = state.State.Bytes.Length == 0 ? ConfigurationState.Empty : ConfigurationCodec.Read(state.State.Bytes, words);
            _unreadable = null;
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            _unreadable = $"The stored configuration can't be read, and was left as it is. {exception.Message}";
            LogUnreadable(exception);
        }
    }

    // Each call looks into the store again, because it may be repaired, or a newer silo may be where it is read next.
    private void CheckReadable()
    {
        if (_unreadable is { } why)
        {
            DeactivateOnIdle();
            throw new ConfigurationNotStoredException(why);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A change of the configuration could not be stored.")]
    private partial void LogNotStored(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether the change was stored could not be found out; the configuration is read again before the next one.")]
    private partial void LogNotRead(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The stored configuration can't be read and is left as it is.")]
    private partial void LogUnreadable(Exception exception);
}
