using System.Buffers;
using Personalization.Core;
using Personalization.Core.Catalog;
using Personalization.Core.Configuration;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Monitoring;
using Personalization.Core.Ingestion;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
using Personalization.Core.Recommend;
using Personalization.Node.Decisions;
using Personalization.Node.HotState;
using Personalization.Node.Ingestion;
using Personalization.Node.Kafka;
using Personalization.Node.Monitoring;
using Personalization.Node.Privacy;
using Personalization.Node.Segments;
using Personalization.Node.Storage;
using Personalization.Node.Training;

namespace Personalization.Node;

/// <summary>The engine in one process: hot profiles in memory, a durable log, an SQLite file behind it.</summary>
public sealed partial class NodePersonalizer : IPersonalizer, IDisposable
{
    private static readonly TimeSpan RetryWhenFull = TimeSpan.FromSeconds(1);

    private readonly DataFolder _folder;
    private readonly Database _database;
    private readonly EventLog? _log;
    private readonly IEventFeed? _feed;
    private readonly Vocabulary _words;
    private readonly ProfileDirectory _profiles;
    private readonly SegmentUpkeep _segments;
    private readonly Folder _folding;
    private readonly CommitQueue _queue;
    private readonly Committer _committer;
    private readonly DecisionLog _decisions;
    private readonly DecisionEngine _engine;
    private readonly ConfigurationStore _configuration;
    private readonly AuditTrail _audit;
    private readonly ConsentPolicy _policy;
    private readonly VolumeWatch _volumes;
    private readonly SessionRecorder _training;
    private readonly Eraser _eraser;
    private readonly StoreWalker _walker;
    private readonly TimeProvider _time;
    private readonly ILogger<NodePersonalizer> _logger;
    private readonly Action<string, Exception> _placementFailed;
    private readonly NodeOptions _options;
    private readonly long _storedProfiles;
    private readonly long _startedFrom;

    private NodePersonalizer(NodeOptions options, DataFolder folder, Database database, TimeProvider time, ILoggerFactory loggers)
    {
        _folder = folder;
        _options = options;
        _database = database;
        _time = time;
        _logger = loggers.CreateLogger<NodePersonalizer>();
        _words = new Vocabulary();
        _configuration = new ConfigurationStore(database, _words, time);
        _audit = new AuditTrail(database);
        _policy = options.Consent;
        var cipher = KeyFile.Open(options.KeyFile, database);
        _profiles = new ProfileDirectory(database, cipher, _words, time, options.MostHotProfiles, loggers.CreateLogger<ProfileDirectory>());
        _storedProfiles = database.CountProfiles();
        _startedFrom = database.CheckpointPosition;
        _placementFailed = LogPlacementFailed;

        var knowledge = new ItemKnowledge(_words);
        var changes = new ChangeTracker();
        _segments = new SegmentUpkeep(database, _profiles, _words, () => _configuration.Current.Plan, time, options, loggers.CreateLogger<SegmentUpkeep>());
        _training = new SessionRecorder(database, changes, _words, time);
        _folding = new Folder(_profiles, knowledge, _training, changes, _segments, _audit, _words, loggers.CreateLogger<Folder>());
        FeedMarks.Check(database, folder.LogFolder, options.Events);
        if (options.Events is { } topic)
        {
            _feed = EventFeeds.Open(topic, options, database, time, loggers);
        }
        else
        {
            _log = EventLog.Open(
                folder.LogFolder,
                new EventLogOptions { SegmentBytes = options.LogSegmentBytes },
                database.CheckpointPosition,
                loggers.CreateLogger<EventLog>());
        }

        Recover(knowledge);

        _engine = new DecisionEngine(knowledge);
        _decisions = new DecisionLog(database, options, loggers.CreateLogger<DecisionLog>());
        _queue = new CommitQueue(options.MostWaitingBytes);
        var checkpointer = new Checkpointer(
            database, _log, _feed, changes, _profiles, cipher, _segments, _audit, _queue.Wake, time, options, loggers.CreateLogger<Checkpointer>());
        _committer = new Committer(
            _queue, _log, _folding, checkpointer, _profiles, knowledge, _training, () => _configuration.Current.Plan, time, loggers.CreateLogger<Committer>());
        _segments.Start();
        _committer.Start();
        _volumes = new VolumeWatch(time, loggers.CreateLogger<VolumeWatch>());
        _eraser = new Eraser(database, _queue, checkpointer, _profiles, _decisions, _training, _segments, time, loggers.CreateLogger<Eraser>());
        _walker = new StoreWalker(
            database, _profiles, cipher, _eraser, () => Configuration.Plan.Retention, time, options.WalkInterval, loggers.CreateLogger<StoreWalker>());
        _eraser.Start();
        _walker.Start();
        _feed?.Start(_queue);
    }

    /// <inheritdoc/>
    public ConfigurationState Configuration => _configuration.Current;

    /// <summary>Gets whether everything is folded that a topic held when the node started; always, where the log is the node's own.</summary>
    public bool IsCaughtUp => _feed?.IsCaughtUp ?? true;

    /// <inheritdoc/>
    public PersonalizerStatistics Statistics => new(
        _folding.FoldedThrough, _storedProfiles + _profiles.Added, Configuration.Plan.Catalog.Count, _profiles.HotCount, _decisions.Dropped)
    {
        Alerts = _volumes.Raised,
    };

    /// <summary>Opens a data folder: the newest state that was written, then the rest of the log.</summary>
    /// <exception cref="StorageException">The folder can't be used; the message says why and what to do.</exception>
    public static NodePersonalizer Open(NodeOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var folder = DataFolder.Open(options.DataFolder);
        Database? database = null;
        try
        {
            database = Database.Open(folder.DatabaseFile);
            return new NodePersonalizer(options, folder, database, time, loggers);
        }
        catch
        {
            database?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IngestReceipt> IngestAsync(IReadOnlyList<Event> events, CancellationToken cancellation)
    {
        var kept = new List<Event>(events.Count);
        var bytes = new ArrayBufferWriter<byte>(Math.Max(256, events.Count * 128));
        var intake = new Intake(Configuration.Plan, _words, _policy);
        var choices = 0;
        List<RejectedEvent>? rejected = null;
        try
        {
            for (var i = 0; i < events.Count; i++)
            {
                var source = events[i];
                if (RefuseIdentity(source) is { } problem)
                {
                    (rejected ??= []).Add(new RejectedEvent(i, problem));
                }
                else if (Admits(intake, source))
                {
                    kept.Add(source);
                    choices += source.Type == EventTypes.Consent ? 1 : 0;
                    intake.Complete(source, Intake.DecisionOf(source) is { } id ? _decisions.Find(id) : null);
                    EventCodec.Write(bytes, source);
                }
            }
        }
        catch
        {
            Release(kept);
            throw;
        }

        var refused = (IReadOnlyList<RejectedEvent>?)rejected ?? [];
        var dropped = events.Count - kept.Count - refused.Count;
        if (kept.Count == 0)
        {
            return new(new IngestReceipt(0, 0, dropped, 0) { Rejected = refused });
        }

        if (_feed is not null)
        {
            var appended = _feed.AppendAsync(kept, dropped, refused);
            return choices == 0 ? new(appended) : SettleAsync(appended, kept);
        }

        var batch = new PendingBatch(kept, bytes, dropped, refused);
        if (!_queue.TryPut(batch))
        {
            Release(kept);
            throw new UnavailableException("Too many events are waiting for the disk.", RetryWhenFull);
        }

        _volumes.Count(kept);
        return choices == 0 ? new(batch.Done) : SettleAsync(batch.Done, kept);
    }

    /// <inheritdoc/>
    public ValueTask<Decision> DecideAsync(DecisionRequest request, CancellationToken cancellation)
    {
        // What was acknowledged is folded, so a version this node gave out never needs waiting for.
        return new(Decide(request));
    }

    private Decision Decide(DecisionRequest request)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var plan = Configuration.Plan;
        var slot = Find(request.PersonId);
        var asking = DeviceOf(request, slot);
        return Read(slot, Remember) ?? Remember(new UserProfile(request.PersonId), null);

        Decision Remember(UserProfile profile, UserProfile? device)
        {
            // Noted before the profile's lock is given up, so that an erasure finds it.
            var decision = Decide(profile, device);
            if (decision.MayBeKept)
            {
                _decisions.Add(decision);
            }

            return decision;
        }

        Decision Decide(UserProfile profile, UserProfile? device) => _engine.Decide(
            DecisionIds.Next(now),
            plan,
            DecisionContext.Of(profile, request, now, _words, FoldedThrough, _policy, asking ?? device),
            _placementFailed);
    }

    // Until a topic is read again to where it was, its events may come in another order than before the stop.
    private long FoldedThrough => IsCaughtUp ? _folding.FoldedThrough : _startedFrom;

    /// <inheritdoc/>
    public ValueTask<DecisionRecord?> FindDecisionAsync(DecisionId id, CancellationToken cancellation) => new(_decisions.Find(id));

    /// <inheritdoc/>
    public ValueTask<ProfileView?> FindProfileAsync(string id, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        return new(Read(_profiles.Find(id), (profile, _) =>
        {
            var context = DecisionContext.Of(profile, new DecisionRequest { UserId = profile.Id }, now, _words, FoldedThrough, _policy);
            return profile.ViewAt(now, _words) with
            {
                Segments = Configuration.Plan.SegmentsOf(context),
            };
        }));
    }

    /// <inheritdoc/>
    public Item? FindItem(string id) => Configuration.Plan.Catalog.Find(id, _words);

    /// <inheritdoc/>
    public ValueTask<ChangeOutcome> ChangeAsync(ConfigurationChange change, CancellationToken cancellation) => _configuration.ChangeAsync(change, cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Alert>> ReadAlertsAsync(CancellationToken cancellation) => new(_volumes.Alerts);

    /// <summary>Makes everything durable and lets go of the folder.</summary>
    public void Dispose()
    {
        // First what hands events over, then what folds them.
        _feed?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _volumes.Dispose();
        _walker.Dispose();
        _eraser.Dispose();
        _committer.Dispose();
        _segments.Dispose();
        _queue.Dispose();
        _decisions.Dispose();
        _log?.Dispose();
        _configuration.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    /// <summary>Gives a profile's state as <see cref="UserProfile.WriteState"/> writes it, to compare it with another host's.</summary>
    internal byte[]? StateOf(string id)
    {
        if (_profiles.Find(id) is not { } slot)
        {
            return null;
        }

        var state = new ArrayBufferWriter<byte>();
        lock (slot)
        {
            slot.Profile.WriteState(state, _words);
        }

        return state.WrittenSpan.ToArray();
    }

    private void Recover(ItemKnowledge knowledge)
    {
        foreach (var (_, key, state) in _database.ReadLearned())
        {
            if (_words.Number(key) is >= 0 and var item)
            {
                knowledge.Restore(ItemStatistics.Read(item, state, _words));
            }
        }

        var checkpoint = _database.CheckpointPosition;
        _folding.StartAfter(checkpoint);
        var folded = 0L;
        foreach (var record in _log?.ReadAfter(checkpoint) ?? [])
        {
            _folding.Fold(EventCodec.Read(record.Payload.Span), record.FirstPosition);
            _folding.EndGroup(record.LastPosition);
            folded += record.Count;
        }

        knowledge.Refresh(Configuration.Plan.Catalog);
        LogRecovered(checkpoint, folded);
    }

    private ProfileSlot? Find(string id)
    {
        try
        {
            return _profiles.Find(id);
        }
#pragma warning disable CA1031 // A page is answered for a stranger rather than not at all.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogProfileNotRead(exception);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Placement {Placement} could not be decided and shows the control.")]
    private partial void LogPlacementFailed(string placement, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A profile could not be read; the person was decided for as a stranger.")]
    private partial void LogProfileNotRead(Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The state at position {Checkpoint} was read, and {Folded} later events of the log were folded.")]
    private partial void LogRecovered(long checkpoint, long folded);
}
