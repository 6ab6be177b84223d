using Personalization.Core.Decisions;
using Personalization.Core.Privacy;
using Personalization.Core.Privacy.Encryption;
using Personalization.Core.Profiles;
using Personalization.Node.HotState;
using Personalization.Node.Storage;

namespace Personalization.Node.Privacy;

/// <summary>Walks over what is stored, a little at a time, again and again: what has expired goes, and what is sealed with an old key is sealed anew.</summary>
internal sealed partial class StoreWalker(
    Database database,
    ProfileDirectory profiles,
    ProfileCipher cipher,
    Eraser eraser,
    Func<RetentionPolicy> policy,
    TimeProvider time,
    TimeSpan pause,
    ILogger<StoreWalker> logger) : IDisposable
{
    private const int ProfilesAtOnce = 500;
    private const int SessionsAtOnce = 1000;
    private const int BlocksAtOnce = 16;
    private const int MostExpired = 2000;

    // Between two slices, so that a walk takes a small share of the machine.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private bool _isSealed;
    private int _unopened;

    public void Start() => _running = Task.Run(RunAsync);

    public void Dispose()
    {
        _stop.Cancel();
        _running.Wait();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await WalkSessionsAsync();
                await WalkDecisionsAsync();
                await WalkProfilesAsync();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The next walk tries again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogInterrupted(exception);
            }

            await Task.Delay(pause, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WalkSessionsAsync()
    {
        while (database.DeleteTrainingSessions(RetentionPolicy.Cutoff(policy().TrainingDays, Now)!.Value, SessionsAtOnce) > 0)
        {
            await BreatheAsync();
        }
    }

    private async Task WalkDecisionsAsync()
    {
        while (RetentionPolicy.Cutoff(policy().AnalyticsDays, Now) is { } cutoff)
        {
            var before = new byte[DecisionId.ByteLength];
            new DecisionId((ulong)Math.Max(0, cutoff) << 16, 0).WriteBytes(before);
            if (database.DeleteDecisionBlocks(before, BlocksAtOnce) == 0)
            {
                return;
            }

            await BreatheAsync();
        }
    }

    private async Task WalkProfilesAsync()
    {
        // What was written before there were keys has left no note of it, so the first walk always looks.
        var isSealing = !_isSealed && (cipher.Ring.Current is not null || database.ReadProfileKeys().Count > 0);
        _unopened = 0;
        if (!isSealing && policy().PersonalizationDays is null)
        {
            return;
        }

        var expired = new List<string>();
        var after = "";
        while (database.ReadProfiles(after, ProfilesAtOnce) is { Count: > 0 } rows)
        {
            after = rows[^1].Id;
            if (isSealing)
            {
                SealAnew(rows);
            }

            if (RetentionPolicy.Cutoff(policy().PersonalizationDays, Now) is { } cutoff)
            {
                expired.AddRange(rows.Where(row => IsExpired(row.Id, row.State, cutoff)).Select(row => row.Id));
            }

            if (expired.Count >= MostExpired)
            {
                await EraseAsync(expired);
            }

            await BreatheAsync();
        }

        await EraseAsync(expired);
        if (isSealing && _unopened == 0)
        {
            database.ForgetProfileKeys(cipher.Ring.Current);
            _isSealed = true;
        }
    }

    private void SealAnew(IReadOnlyList<(string Id, byte[] State)> rows)
    {
        var anew = new List<(string Id, byte[] Old, byte[] New)>();
        foreach (var (id, state) in rows.Where(row => ProfileCipher.KeyOf(row.State) != cipher.Ring.Current))
        {
            if (Open(id, state) is { } open)
            {
                anew.Add((id, state, cipher.Seal(id, open)));
            }
        }

        if (anew.Count > 0)
        {
            database.ReplaceProfiles(anew);
        }
    }

    private bool IsExpired(string id, byte[] state, long cutoff)
    {
        try
        {
            // Of whom only a choice or a link is known nothing was seen, and a choice is not forgotten.
            return Open(id, state) is { } open && UserProfile.ReadLastSeen(open) is > 0 and var seen && seen < cutoff && !profiles.IsActiveSince(id, cutoff);
        }
        catch (InvalidDataException)
        {
            // What can't be read has no time; it is for a person to look at.
            return false;
        }
    }

    private byte[]? Open(string id, byte[] state)
    {
        try
        {
            return cipher.Open(id, state);
        }
        catch (SealedException exception)
        {
            _unopened++;
            LogNotOpened(exception);
            return null;
        }
    }

    private async Task EraseAsync(List<string> expired)
    {
        if (expired.Count > 0)
        {
            await eraser.EraseAsync(expired, _stop.Token);
            LogExpired(expired.Count);
            expired.Clear();
        }
    }

    private Task BreatheAsync() => Task.Delay(Breath, time, _stop.Token);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} profiles were inactive for longer than is kept, and were erased.")]
    private partial void LogExpired(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "A stored profile could not be opened and was left as it is.")]
    private partial void LogNotOpened(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The walk over what is stored broke off; the next one tries again.")]
    private partial void LogInterrupted(Exception exception);
}
