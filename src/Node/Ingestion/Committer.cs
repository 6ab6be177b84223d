using Personalization.Core;
using Personalization.Core.Decisions;
using Personalization.Core.Recommend;
using Personalization.Node.HotState;
using Personalization.Node.Storage;
using Personalization.Node.Training;

namespace Personalization.Node.Ingestion;

/// <summary>The one thread through which all events go: append a group to the log, fold it, answer; then rank, checkpoint, evict when due.</summary>
internal sealed partial class Committer : IDisposable
{
    // A group waits for one fsync; larger groups would only make the first of them wait longer to be folded.
    private const int GroupBytes = 1024 * 1024;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RankingInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly CommitQueue _queue;
    private readonly EventLog _log;
    private readonly Folder _folder;
    private readonly Checkpointer _checkpointer;
    private readonly ProfileDirectory _profiles;
    private readonly ItemKnowledge _knowledge;
    private readonly SessionRecorder _training;
    private readonly Func<DecisionPlan> _plan;
    private readonly TimeProvider _time;
    private readonly ILogger<Committer> _logger;
    private readonly Thread _thread;
    private readonly List<PendingBatch> _group = [];
    private readonly List<ReadOnlyMemory<byte>> _parts = [];
    private long _lastRanked;

    public Committer(
        CommitQueue queue,
        EventLog log,
        Folder folder,
        Checkpointer checkpointer,
        ProfileDirectory profiles,
        ItemKnowledge knowledge,
        SessionRecorder training,
        Func<DecisionPlan> plan,
        TimeProvider time,
        ILogger<Committer> logger)
    {
        _queue = queue;
        _log = log;
        _folder = folder;
        _checkpointer = checkpointer;
        _profiles = profiles;
        _knowledge = knowledge;
        _training = training;
        _plan = plan;
        _time = time;
        _logger = logger;
        _thread = new Thread(Run) { Name = "commit", IsBackground = true };
    }

    public void Start() => _thread.Start();

    /// <summary>Commits what is waiting, writes a last checkpoint, and ends.</summary>
    public void Dispose()
    {
        _queue.Close();
        _thread.Join();
    }

    private void Run()
    {
        while (!_queue.IsDone)
        {
            _group.Clear();
            _queue.Take(_group, GroupBytes, Tick);
            if (_group.Count > 0)
            {
                Commit();
            }

            Housekeep();
        }

        if (!_checkpointer.Finish(_folder.FoldedThrough))
        {
            LogNoLastCheckpoint();
        }
    }

    private void Commit()
    {
        _parts.Clear();
        var count = 0;
        foreach (var batch in _group)
        {
            _parts.Add(batch.Bytes);
            count += batch.Events.Count;
        }

        long first;
        try
        {
            first = _log.Append(_parts, count);
        }
#pragma warning disable CA1031 // Whatever the reason, nothing is durable, and each sender is told so.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotDurable(exception);
            foreach (var batch in _group)
            {
                batch.Fail(new UnavailableException(exception.Message, RetryAfter, exception));
            }

            return;
        }

        var duplicates = new int[_group.Count];
        var position = first;
        for (var i = 0; i < _group.Count; i++)
        {
            duplicates[i] = _folder.Fold(_group[i].Events, position);
            position += _group[i].Events.Count;
        }

        // Only now is the group visible as a whole, and only now is anybody told.
        _folder.EndGroup(position - 1);
        position = first;
        for (var i = 0; i < _group.Count; i++)
        {
            position += _group[i].Events.Count;
            _group[i].Complete(duplicates[i], position - 1);
        }
    }

    private void Housekeep()
    {
        if (_time.GetElapsedTime(_lastRanked) >= RankingInterval)
        {
            _lastRanked = _time.GetTimestamp();
            _knowledge.Refresh(_plan().Catalog);
        }

        if (_checkpointer.TryBegin(_folder.FoldedThrough))
        {
            _profiles.Evict();
            _training.Close();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Events could not be made durable and were refused.")]
    private partial void LogNotDurable(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last checkpoint was not written; the next start folds the log again.")]
    private partial void LogNoLastCheckpoint();
}
