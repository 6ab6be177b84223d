using System.Buffers;
using Orleans.Storage;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Privacy.Encryption;
using Personalization.Core.Profiles;
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
    ProfileCipher cipher,
    Vocabulary words,
    ILogger<UserProfileGrain> logger) : Grain, IUserProfileGrain
{
    // What was done since the store was last read or written, to be done again onto what another activation stored meanwhile.
    private readonly List<Action<ProfileReplica>> _unstored = [];
    private ProfileReplica _replica = null!;
    private byte[]? _view;
    private string? _unreadable;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Begin(Stored());
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _unreadable is null ? StoreAsync() : Task.CompletedTask;

    public async ValueTask<FoldedSlice?> ApplyAsync(LogSlice slice, long after)
    {
        CheckReadable();
        if (_replica.Folded.Version < after)
        {
            return null;
        }

        var events = EventCodec.Read(slice.Events);
        var steps = new FoldedStep[events.Count];
        Do(replica =>
        {
            for (var i = 0; i < steps.Length; i++)
            {
                var isRepeated = slice.Positions[i] <= replica.Folded.Version;
                steps[i] = Step(replica.Fold(events[i], slice.Positions[i]), isRepeated);
            }
        });
        if (_replica.Folded.Owner is null)
        {
            return new FoldedSlice(steps, null);
        }

        // Whose an event is must not depend on which activation is asked: a later owner begins behind what is stored as followed.
        await StoreAsync();
        return new FoldedSlice(steps, [.. slice.Positions.Select(_replica.OwnerAt)]);
    }

    public ValueTask<FoldedStep[]?> ApplyGuestAsync(string device, LogSlice slice, long after)
    {
        CheckReadable();
        if (_replica.GuestPosition(device) < after)
        {
            return new((FoldedStep[]?)null);
        }

        var events = EventCodec.Read(slice.Events);
        var steps = new FoldedStep[events.Count];
        Do(replica =>
        {
            for (var i = 0; i < steps.Length; i++)
            {
                var isRepeated = slice.Positions[i] <= replica.GuestPosition(device);
                steps[i] = Step(replica.FoldGuest(device, events[i], slice.Positions[i]), isRepeated);
            }
        });
        return new((FoldedStep[]?)steps);
    }

    public async ValueTask<Joining> DetachAsync(string login, long at)
    {
        CheckReadable();
        Detachment? detachment = null;
        var isNews = _replica.Folded.Owner != login || _replica.KeepsFor(login);
        Do(replica => detachment = replica.Detach(login, at));
        if (isNews)
        {
            await StoreAsync();
        }

        return Joining.Of(detachment!);
    }

    public ValueTask AttachAsync(string device, Joining joining)
    {
        CheckReadable();
        Do(replica => replica.Attach(device, joining.ToDetachment()));
        return default;
    }

    public ValueTask ReleaseAsync(string device)
    {
        CheckReadable();
        Do(replica => replica.Release(device));
        return default;
    }

    public async ValueTask ForgetAsync(string login)
    {
        CheckReadable();
        if (_replica.KeepsFor(login))
        {
            Do(replica => replica.Forget(login));
            await StoreAsync();
        }
    }

    public async ValueTask ExposeAsync(LogSlice impressions)
    {
        CheckReadable();
        var events = EventCodec.Read(impressions.Events);
        Do(replica =>
        {
            foreach (var impression in events)
            {
                replica.Expose(impression);
            }
        });
        await StoreAsync();
    }

    public ValueTask<string?> HandOverAsync(LogSlice slice)
    {
        CheckReadable();
        string? login = null;
        var events = EventCodec.Read(slice.Events);
        for (var i = 0; i < events.Count; i++)
        {
            login = _replica.HandOver(events[i], slice.Positions[i]) ?? login;
        }

        _view = null;
        return new(login);
    }

    public ValueTask HandOverGuestAsync(string device, LogSlice slice)
    {
        CheckReadable();
        var events = EventCodec.Read(slice.Events);
        for (var i = 0; i < events.Count; i++)
        {
            _replica.HandOverGuest(device, events[i], slice.Positions[i]);
        }

        _view = null;
        return default;
    }

    public ValueTask<byte[]?> ReadAsync()
    {
        CheckReadable();
        var profile = _replica.View;
        return new(profile.IsKnown || profile.Owner is not null ? _view ??= Bytes(profile) : null);
    }

    public async ValueTask<bool> PrepareErasureAsync()
    {
        if (_unreadable is null)
        {
            return _replica.View.IsKnown || _replica.View.Owner is not null;
        }

        await state.ClearStateAsync();
        state.State.Bytes = [];
        _unreadable = null;
        Begin(Stored());
        return true;
    }

    public ValueTask<StoredConsent> ReadConsentAsync()
    {
        CheckReadable();
        var profile = _replica.View;
        return new(new StoredConsent(profile.Consent.IsEmpty ? null : profile.Consent.ToBytes(), profile.Owner));
    }

    public async ValueTask<bool> FlushAsync(FlushGoal goal)
    {
        CheckReadable();

        // What is stored is what is here now: nothing else is let in while it is written.
        await StoreAsync();
        return _replica.Folded.Version >= goal.Through
            && _replica.OwnerAt(goal.Folded) is null
            && goal.Sources.Zip(goal.Positions).All(source => _replica.GuestPosition(source.First) >= source.Second)
            && goal.Parcels.All(_replica.HasParcelOf);
    }

    private void Do(Action<ProfileReplica> change)
    {
        _unstored.Add(change);
        change(_replica);
        _view = null;
    }

    private async Task StoreAsync()
    {
        if (_unstored.Count == 0)
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
            foreach (var change in _unstored)
            {
                change(_replica);
            }

            await WriteAsync();
        }
    }

    private async Task WriteAsync()
    {
        var covered = _unstored.Count;
        if (!_replica.IsBlank)
        {
            var bytes = new ArrayBufferWriter<byte>(1024);
            _replica.Write(bytes);
            state.State.Bytes = cipher.Seal(this.GetPrimaryKeyString(), bytes.WrittenSpan.ToArray());
            await state.WriteStateAsync();
        }
        else if (state.RecordExists)
        {
            // Erased: the store keeps nothing, not even that there was somebody. This activation keeps the position.
            await state.ClearStateAsync();
            state.State.Bytes = [];
        }

        _unstored.RemoveRange(0, covered);
    }

    private void Begin(ProfileReplica stored)
    {
        _replica = stored;
        _view = null;
    }

    private ProfileReplica Stored()
    {
        var id = this.GetPrimaryKeyString();
        if (state.State.Bytes.Length == 0)
        {
            return new ProfileReplica(new UserProfile(id), words);
        }

        try
        {
            return ProfileReplica.Read(id, cipher.Open(id, state.State.Bytes), words);
        }
        catch (Exception exception) when (exception is InvalidDataException or SealedException or OverflowException or ArgumentException)
        {
            _unreadable = exception.Message;
            LogUnreadable(Core.StableHash.Of(id), exception.Message);
            return new ProfileReplica(new UserProfile(id), words);
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

    private FoldedStep Step(FoldOutcome outcome, bool isRepeated) => new(outcome.Applied, Word(outcome.Item), Word(outcome.Previous))
    {
        ConsentChanged = (int)outcome.ConsentChanged,
        IsRepeated = isRepeated,
        IsAutomated = outcome.IsAutomated,
    };

    private string? Word(int number) => number < 0 ? null : words[number];

    [LoggerMessage(Level = LogLevel.Error, Message = "The stored profile of a person ({Hash:x}) can't be read and is left as it is: {Reason}")]
    private partial void LogUnreadable(ulong hash, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stored profile was not the one expected; what this one lacked was read, and what it had more was folded onto that.")]
    private partial void LogConflict(Exception exception);
}
