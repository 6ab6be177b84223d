using Personalization.Core;
using Personalization.Core.Privacy;
using Personalization.Core.Privacy.Encryption;
using Personalization.Core.Profiles;
using Personalization.Grains.Configuration;
using Personalization.Grains.Profiles;
using Personalization.Grains.Storage;

namespace Personalization.Grains.Retention;

/// <summary>Walks the stored profiles in slices. What expires when is Core's; whether it still does, each profile's grain says.</summary>
/// <remarks>A reminder wakes it on whatever silo there is; a walk that was interrupted goes on at its last slice.</remarks>
internal sealed partial class RetentionGrain(
    [PersistentState("retention", Stores.State)] IPersistentState<StoredBytes> state,
    IStoredProfiles stored,
    ClusterSettings settings,
    SharedConfiguration configuration,
    ProfileCipher cipher,
    Vocabulary words,
    TimeProvider time,
    ILogger<RetentionGrain> logger) : Grain, IRetentionGrain
{
    // Reminders come once a minute at most; walks are begun and resumed on one.
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SlicePause = TimeSpan.FromMilliseconds(50);

    private const string Reminder = "walk";
    private const int MostCalls = 64;

    private RetentionWalk _walk = RetentionWalk.None;
    private IGrainTimer? _walking;

    // What is configured goes before what the silo was started with.
    private ProfileRetention? Retention =>
        configuration.Current.Plan.Retention.PersonalizationDays is { } days ? new ProfileRetention(days) : settings.Retention;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _walk = RetentionWalk.Read(state.State.Bytes);
        return Task.CompletedTask;
    }

    public async Task EnsureAsync()
    {
        await this.RegisterOrUpdateReminder(Reminder, Tick, Tick);
        Continue();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Continue();
        return Task.CompletedTask;
    }

    private void Continue()
    {
        var now = Now();
        if (_walking is not null || Retention is null
            || (!_walk.IsUnderWay && now < _walk.FinishedAt + (long)settings.RetentionInterval.TotalMilliseconds))
        {
            return;
        }

        _walk = _walk.IsUnderWay ? _walk : RetentionWalk.Begin(now);
        _walking = this.RegisterGrainTimer(WalkAsync, new GrainTimerCreationOptions(TimeSpan.Zero, SlicePause) { KeepAlive = true });
    }

    private async Task WalkAsync(CancellationToken cancellation)
    {
        try
        {
            if (Retention is not { } retention)
            {
                // What was configured was taken back on the way.
                Rest();
                return;
            }

            await WalkSliceAsync(retention);
            if (!_walk.IsUnderWay)
            {
                Rest();
                LogWalked(_walk.Looked, _walk.Forgotten);
            }
        }
#pragma warning disable CA1031 // The next reminder goes on with what is stored of the walk.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogInterrupted(exception);
            Rest();
            DeactivateOnIdle();
        }
    }

    private async Task WalkSliceAsync(ProfileRetention retention)
    {
        var slice = await stored.ReadAsync(_walk.Cursor);
        var now = Now();
        var forgotten = 0;
        foreach (var some in slice.Profiles.Where(profile => HasExpired(profile.Id, profile.Bytes, retention, now)).Chunk(MostCalls))
        {
            var answers = await Task.WhenAll(some.Select(profile =>
                GrainFactory.GetGrain<IUserProfileGrain>(profile.Id).ForgetIfExpiredAsync(retention.Days, now).AsTask()));
            forgotten += answers.Count(answer => answer);
        }

        _walk = _walk.After(slice, forgotten, Now());
        state.State.Bytes = _walk.Write();
        await state.WriteStateAsync();
    }

    private bool HasExpired(string id, byte[] bytes, ProfileRetention retention, long now)
    {
        try
        {
            return retention.ExpiresAt(ProfileReplica.Read(id, cipher.Open(id, bytes), words).Folded) <= now;
        }
        catch (Exception exception) when (exception is InvalidDataException or OverflowException or ArgumentException or SealedException)
        {
            // Its grain has said so in the log; it stays until a program that can read it says what it is.
            return false;
        }
    }

    private void Rest()
    {
        _walking?.Dispose();
        _walking = null;
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(Level = LogLevel.Information, Message = "A walk through the stored profiles looked at {Looked} and forgot {Forgotten} that had expired.")]
    private partial void LogWalked(long looked, long forgotten);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The walk through the stored profiles was interrupted; it goes on within a minute or two.")]
    private partial void LogInterrupted(Exception exception);
}
