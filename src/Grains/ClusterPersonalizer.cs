using System.Security.Cryptography;
using System.Runtime.InteropServices;
using Personalization.Core;
using Personalization.Core.Catalog;
using Personalization.Core.Configuration;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Monitoring;
using Personalization.Core.Ingestion;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
using Personalization.Grains.Audit;
using Personalization.Grains.Configuration;
using Personalization.Grains.Lanes;
using Personalization.Grains.Learning;
using Personalization.Grains.Monitoring;
using Personalization.Grains.Profiles;

namespace Personalization.Grains;

/// <summary>The engine on many machines, as one process of it sees it: profiles in grains, everything else decided here.</summary>
/// <remarks>A decision makes one grain call, for the profile; configuration and knowledge are copies in this process.</remarks>
public sealed partial class ClusterPersonalizer(
    IGrainFactory grains,
    IEventAppender log,
    IDecisionMemory decisions,
    IDeadLetterStore deadLetters,
    ITrainingMemory training,
    SharedConfiguration configuration,
    SharedKnowledge knowledge,
    SharedVolumes volumes,
    IAuditStore audit,
    ConsentPolicy policy,
    Vocabulary words,
    TimeProvider time,
    ILogger<ClusterPersonalizer> logger) : IPersonalizer
{
    private static readonly TimeSpan VersionBudget = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan UnreadableRetry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan VersionPoll = TimeSpan.FromMilliseconds(2);

    private readonly DecisionEngine _engine = new(knowledge.Knowledge);
    private long _ingested;

    /// <inheritdoc/>
    public ConfigurationState Configuration => configuration.Current;

    /// <inheritdoc/>
    /// <remarks>Events are those this process took in; people are counted nowhere in a cluster.</remarks>
    public PersonalizerStatistics Statistics =>
        new(Volatile.Read(ref _ingested), 0, Configuration.Plan.Catalog.Count, 0, decisions.Dropped) { Alerts = volumes.Raised };

    /// <inheritdoc/>
    public async ValueTask<IngestReceipt> IngestAsync(IReadOnlyList<Event> events, CancellationToken cancellation)
    {
        var chosen = await ReadChoicesAsync(events);
        var kept = new List<Event>(events.Count);
        try
        {
            return await IngestAsync(events, chosen, kept, cancellation);
        }
        finally
        {
            Release(kept);
        }
    }

    private async ValueTask<IngestReceipt> IngestAsync(
        IReadOnlyList<Event> events, Dictionary<string, ConsentChoices> chosen, List<Event> kept, CancellationToken cancellation)
    {
        var intake = new Intake(Configuration.Plan, words, policy);
        List<RejectedEvent>? rejected = null;
        for (var i = 0; i < events.Count; i++)
        {
            var source = events[i];
            if (await RefuseIdentityAsync(source) is { } problem)
            {
                (rejected ??= []).Add(new RejectedEvent(i, problem));
            }
            else if (Admits(intake, source, chosen))
            {
                kept.Add(source);
                intake.Complete(source, Intake.DecisionOf(source) is { } id ? await decisions.FindAsync(id, cancellation) : null);
            }
        }

        var refused = (IReadOnlyList<RejectedEvent>?)rejected ?? [];
        var dropped = events.Count - kept.Count - refused.Count;
        if (kept.Count == 0)
        {
            return new IngestReceipt(0, 0, dropped, 0) { Rejected = refused };
        }

        var positions = await log.AppendAsync(kept, cancellation);
        Interlocked.Add(ref _ingested, kept.Count);
        volumes.Count(kept);
        await HandOverAsync(kept, positions);
        return new IngestReceipt(kept.Count, 0, dropped, positions.Max()) { Rejected = refused };
    }

    /// <inheritdoc/>
    public async ValueTask<Decision> DecideAsync(DecisionRequest request, CancellationToken cancellation)
    {
        var (profile, device, version) = await FindPersonAsync(request, cancellation);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        UInt128 random = default;
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(new Span<UInt128>(ref random)));
        var context = DecisionContext.Of(profile, request, now, words, version, policy, device);
        var decision = _engine.Decide(DecisionId.Create(now, random), Configuration.Plan, context, LogPlacementFailed);
        if (decision.MayBeKept)
        {
            decisions.Add(decision);
        }

        return decision;
    }

    /// <inheritdoc/>
    public ValueTask<DecisionRecord?> FindDecisionAsync(DecisionId id, CancellationToken cancellation) => decisions.FindAsync(id, cancellation);

    /// <inheritdoc/>
    public async ValueTask<ProfileView?> FindProfileAsync(string id, CancellationToken cancellation)
    {
        if (await ReadOrRefuseAsync(id) is not { } profile)
        {
            return null;
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var context = DecisionContext.Of(profile, new DecisionRequest { UserId = profile.Id }, now, words, profile.Version, policy);
        return profile.ViewAt(now, words) with
        {
            Segments = Configuration.Plan.SegmentsOf(context),
        };
    }

    /// <inheritdoc/>
    public Item? FindItem(string id) => Configuration.Plan.Catalog.Find(id, words);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Alert>> ReadAlertsAsync(CancellationToken cancellation) => await volumes.ReadAsync();

    /// <inheritdoc/>
    public ValueTask<ChangeOutcome> ChangeAsync(ConfigurationChange change, CancellationToken cancellation) => configuration.ChangeAsync(change);

    /// <summary>Shows the events to their profiles at once; the log's copies, which come later, are then known.</summary>
    private async Task HandOverAsync(List<Event> events, long[] positions)
    {
        var byPerson = events
            .Select((source, i) => new LaneEvent(source, positions[i]))
            .GroupBy(entry => entry.Event.PersonId, StringComparer.Ordinal);
        try
        {
            await Task.WhenAll(byPerson.Select(person => HandOverAsync(person.Key, LaneFolder.SliceOf([.. person]))));
        }
#pragma warning disable CA1031 // They are durable: the log brings them, and a decision that names the version waits for it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotHandedOver(exception);
        }
    }

    /// <summary>Reads a profile that has reached a version, waiting a little for the log where it has not.</summary>
    private async ValueTask<UserProfile?> FindAsync(string id, long version, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            UserProfile? profile;
            try
            {
                profile = await ReadAsync(id);
            }
#pragma warning disable CA1031 // A page is answered for a stranger rather than not at all.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogProfileNotRead(exception);
                return null;
            }

            if ((profile?.Version ?? 0) >= version || time.GetElapsedTime(started) > VersionBudget)
            {
                return profile;
            }

            await Task.Delay(VersionPoll, time, cancellation);
        }
    }

    /// <summary>Reads the profile that an id leads to for somebody who asks for just that, so that it being unreadable is told.</summary>
    /// <exception cref="UnavailableException">It can't be read.</exception>
    private async ValueTask<UserProfile?> ReadOrRefuseAsync(string id)
    {
        try
        {
            var profile = await ReadAsync(id);
            return profile?.Owner is { } login ? await ReadAsync(login) : profile;
        }
        catch (Exception exception) when (exception is UnreadableProfileException or InvalidDataException)
        {
            throw new UnavailableException($"The stored profile can't be read, and was left as it is. {exception.Message}", UnreadableRetry, exception);
        }
    }

    private async ValueTask<UserProfile?> ReadAsync(string id) =>
        await grains.GetGrain<IUserProfileGrain>(id).ReadAsync() is { } bytes ? UserProfile.Read(id, bytes, words) : null;

    [LoggerMessage(Level = LogLevel.Error, Message = "Placement {Placement} could not be decided and shows the control.")]
    private partial void LogPlacementFailed(string placement, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Durable events could not be handed to their profiles; the log will bring them.")]
    private partial void LogNotHandedOver(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A profile could not be read; the person was decided for as a stranger.")]
    private partial void LogProfileNotRead(Exception exception);
}
