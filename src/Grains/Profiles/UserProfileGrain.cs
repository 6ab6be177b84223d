using System.Buffers;
using Orleans.Storage;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Grains.Storage;

namespace Personalization.Grains.Profiles;

/// <summary>Holds a <see cref="ProfileReplica"/>, and writes it behind. No rule of the product lives here.</summary>
/// <remarks>
/// Losing this activation loses nothing: what it had not stored, the log brings again, because a lane counts as durable only after
/// <see cref="FlushAsync"/> has returned.
/// </remarks>
internal sealed partial class UserProfileGrain(
    [PersistentState("profile", Stores.State)] IPersistentState<StoredBytes> state,
    Vocabulary words,
    ILogger<UserProfileGrain> logger) : Grain, IUserProfileGrain
{
    private ProfileReplica _replica = null!;
    private byte[]? _view;
    private long _stored;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Restore();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => FlushAsync().AsTask();

    public ValueTask<FoldedStep[]> ApplyAsync(LogSlice slice)
    {
        var events = EventCodec.Read(slice.Events);
        var steps = new FoldedStep[events.Count];
        for (var i = 0; i < steps.Length; i++)
        {
            var outcome = _replica.Fold(events[i], slice.Positions[i]);
            steps[i] = new FoldedStep(outcome.Applied, Word(outcome.Item), Word(outcome.Previous));
        }

        _view = null;
        return new(steps);
    }

    public ValueTask HandOverAsync(LogSlice slice)
    {
        var events = EventCodec.Read(slice.Events);
        for (var i = 0; i < events.Count; i++)
        {
            _replica.HandOver(events[i], slice.Positions[i]);
        }

        _view = null;
        return default;
    }

    public ValueTask<byte[]?> ReadAsync() => new(_replica.View.IsKnown ? _view ??= Bytes(_replica.View) : null);

    public async ValueTask FlushAsync()
    {
        if (_stored == _replica.Folded.Version)
        {
            return;
        }

        try
        {
            await WriteAsync();
        }
        catch (InconsistentStateException conflict)
        {
            // A write that timed out may have landed after all, or another activation wrote. Either way the store holds the fold of
            // some part of the log, and this is the fold of another: the later one holds both.
            LogConflict(conflict);
            await state.ReadStateAsync();
            if (Stored().Version > _replica.Folded.Version)
            {
                Restore();
                return;
            }

            await WriteAsync();
        }
    }

    private async Task WriteAsync()
    {
        var version = _replica.Folded.Version;
        state.State.Bytes = Bytes(_replica.Folded);
        await state.WriteStateAsync();
        _stored = version;
    }

    private void Restore()
    {
        _replica = new ProfileReplica(Stored(), words);
        _stored = _replica.Folded.Version;
        _view = null;
    }

    private UserProfile Stored()
    {
        var id = this.GetPrimaryKeyString();
        return state.State.Bytes.Length == 0 ? new UserProfile(id) : UserProfile.Read(id, state.State.Bytes, words);
    }

    private byte[] Bytes(UserProfile profile)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        profile.Write(bytes, words);
        return bytes.WrittenSpan.ToArray();
    }

    private string? Word(int number) => number < 0 ? null : words[number];

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stored profile was not the one expected; the later of the two is kept.")]
    private partial void LogConflict(Exception exception);
}
