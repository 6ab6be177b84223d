using Personalization.Core;
using Personalization.Core.Profiles;

namespace Personalization.Grains.Profiles;

/// <summary>Reads profiles from wherever they are hot: for decisions within a budget, for whoever asks for one however long it takes.</summary>
public sealed partial class ProfileReader(
    IGrainFactory grains, ClusterSettings settings, Vocabulary words, TimeProvider time, ILogger<ProfileReader> logger)
{
    private static readonly TimeSpan UnreadableRetry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AwayRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan VersionPoll = TimeSpan.FromMilliseconds(2);

    /// <summary>Reads the profile of an id alone, wherever the id leads; null where nothing is known. Throws whatever reading throws.</summary>
    public async ValueTask<UserProfile?> PeekAsync(string id) => Of(id, await grains.GetGrain<IUserProfileGrain>(id).ReadAsync());

    /// <summary>Reads the profile that an id leads to; null for somebody of whom nothing is known.</summary>
    /// <exception cref="UnavailableException">It can't be read now.</exception>
    public async ValueTask<UserProfile?> ReadAsync(string id)
    {
        try
        {
            var profile = await PeekAsync(id);
            return profile?.Owner is { } login ? await PeekAsync(login) : profile;
        }
        catch (Exception exception) when (exception is UnreadableProfileException or InvalidDataException)
        {
            throw new UnavailableException($"The stored profile can't be read, and was left as it is. {exception.Message}", UnreadableRetry, exception);
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            throw new UnavailableException($"The profile can't be read now. {exception.Message}", AwayRetry, exception);
        }
    }

    /// <summary>Reads the profile that a decision is made from, waiting within the budget for the log where it has not reached a version.</summary>
    /// <returns>The profile, which may be older than asked for; null where none could be read in time.</returns>
    public async ValueTask<UserProfile?> FindAsync(string id, long version, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        UserProfile? found = null;
        while (true)
        {
            var left = settings.DecisionBudget - time.GetElapsedTime(started);
            try
            {
                found = Of(id, await ReadAsync(id, left, cancellation)) ?? new UserProfile(id);
            }
            catch (TimeoutException)
            {
                LogBudgetSpent();
                return found;
            }
#pragma warning disable CA1031 // A page is answered for a stranger rather than not at all.
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogNotRead(exception);
                return found;
            }

            if (found.Version >= version || time.GetElapsedTime(started) > settings.DecisionBudget)
            {
                return found;
            }

            await Task.Delay(VersionPoll, time, cancellation);
        }
    }

    // The call itself goes on: the profile comes to memory for the next decision, if its store answers at all.
    private async ValueTask<byte[]?> ReadAsync(string id, TimeSpan left, CancellationToken cancellation)
    {
        var reading = grains.GetGrain<IUserProfileGrain>(id).ReadAsync();
        return reading.IsCompleted
            ? await reading
            : await reading.AsTask().WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellation);
    }

    private UserProfile? Of(string id, byte[]? bytes) => bytes is null ? null : UserProfile.Read(id, bytes, words);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A profile was not there within the decision's budget; the person was decided for with what was known.")]
    private partial void LogBudgetSpent();

    [LoggerMessage(Level = LogLevel.Error, Message = "A profile could not be read; the person was decided for as a stranger.")]
    private partial void LogNotRead(Exception exception);
}
