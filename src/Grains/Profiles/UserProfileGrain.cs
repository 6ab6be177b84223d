using System.Buffers;
using Orleans.Storage;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Grains.Segments;
using Personalization.Grains.Storage;

namespace Personalization.Grains.Profiles;

/// <summary>Holds a <see cref="ProfileReplica"/>, and writes it behind. No rule of the product lives here.</summary>
/// <remarks>
/// Losing this activation loses nothing: what it had not stored, its lane brings again, because the lane keeps it until
/// <see cref="FlushAsync"/> has said yes. What is stored is always the fold of all the person's events up to some position: a write
/// that would leave one out fails on the store's version check, and is done again on what is there.
/// </remarks>
internal sealed partial class UserProfileGrain(
    [PersistentState("profile", Stores.State)] IPersistentState<StoredBytes> state,
    SharedSegments segments,
    ISegmentStore memberships,
    Vocabulary words,
    TimeProvider time,
    ILogger<UserProfileGrain> logger) : Grain, IUserProfileGrain
{
    // What was folded since the store was last read or written, to be folded again onto what another activation stored meanwhile.
    private readonly List<LogSlice> _unstored = [];
    private ProfileReplica _replica = null!;
    private byte[]? _view;
    private long _stored;
    private string? _unreadable;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Begin(Stored());
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _unreadable is null ? StoreAsync() : Task.CompletedTask;

    public ValueTask<FoldedStep[]?> ApplyAsync(LogSlice slice, long after)
    {
        CheckReadable();
        if (_replica.Folded.Version < after)
        {
            return new((FoldedStep[]?)null);
        }

        _isUsed = true;
        _unstored.Add(slice);
        return new((FoldedStep[]?)Fold(slice));
    }

    public ValueTask HandOverAsync(LogSlice slice)
    {
        CheckReadable();
        _isUsed = true;
        var events = EventCodec.Read(slice.Events);
        for (var i = 0; i < events.Count; i++)
        {
            _replica.HandOver(events[i], slice.Positions[i]);
        }

        _view = null;
        return default;
    }

    public ValueTask<byte[]?> ReadAsync()
    {
        CheckReadable();
        _isUsed = true;
        return new(_replica.View.IsKnown ? _view ??= Bytes(_replica.View) : null);
    }

    public async ValueTask<bool> FlushAsync(long through)
    {
        CheckReadable();

        // First: once the profile is stored the lane forgets the events, and nothing would ask again what they changed.
        await StoreMembershipsAsync();
        await StoreAsync();
        return _stored >= through;
    }

    private async Task StoreAsync()
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
            // A write that timed out has landed after all, or another activation has written. The store holds the log's fold up to
            // some event; what came to this activation since it last read the store follows on that.
            LogConflict(conflict);
            await state.ReadStateAsync();
            var stored = Stored();
            CheckReadable();
            Begin(stored);
            _areKnown = false;
            foreach (var slice in _unstored)
            {
                Fold(slice);
            }

            await WriteAsync();
        }
    }

    private FoldedStep[] Fold(LogSlice slice)
    {
        var events = EventCodec.Read(slice.Events);
        var steps = new FoldedStep[events.Count];
        for (var i = 0; i < steps.Length; i++)
        {
            var outcome = _replica.Fold(events[i], slice.Positions[i]);
            steps[i] = new FoldedStep(outcome.Applied, Word(outcome.Item), Word(outcome.Previous));
            if (outcome.Applied)
            {
                Ask(events[i].Type);
            }
        }

        _view = null;
        return steps;
    }

    private async Task WriteAsync()
    {
        var version = _replica.Folded.Version;
        var covered = _unstored.Count;
        state.State.Bytes = Bytes(_replica.Folded);
        await state.WriteStateAsync();
        _stored = version;
        _unstored.RemoveRange(0, covered);
    }

    private void Begin(UserProfile stored)
    {
        _replica = new ProfileReplica(stored, words);
        _stored = _replica.Folded.Version;
        _view = null;
    }

    private UserProfile Stored()
    {
        var id = this.GetPrimaryKeyString();
        if (state.State.Bytes.Length == 0)
        {
            return new UserProfile(id);
        }

        try
        {
            return UserProfile.Read(id, state.State.Bytes, words);
        }
        catch (Exception exception) when (exception is InvalidDataException or OverflowException or ArgumentException)
        {
            _unreadable = exception.Message;
            LogUnreadable(Core.StableHash.Of(id), exception.Message);
            return new UserProfile(id);
        }
    }

    // Each call looks into the store again, because the state may be repaired, or a newer silo may be where it is read next.
    private void CheckReadable()
    {
        if (_unreadable is { } why)
        {
            DeactivateOnIdle();
            throw new UnreadableProfileException(why);
        }
    }

    private byte[] Bytes(UserProfile profile)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        profile.Write(bytes, words);
        return bytes.WrittenSpan.ToArray();
    }

    private string? Word(int number) => number < 0 ? null : words[number];

    [LoggerMessage(Level = LogLevel.Error, Message = "The stored profile of a person ({Hash:x}) can't be read and is left as it is: {Reason}")]
    private partial void LogUnreadable(ulong hash, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stored profile was not the one expected; what this one lacked was read, and what it had more was folded onto that.")]
    private partial void LogConflict(Exception exception);
}
