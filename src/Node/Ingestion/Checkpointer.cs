using System.Buffers;
using System.Collections.Concurrent;
using Personalization.Core.Privacy.Encryption;
using Personalization.Node.HotState;
using Personalization.Node.Kafka;
using Personalization.Node.Privacy;
using Personalization.Node.Segments;
using Personalization.Node.Storage;
using Personalization.Node.Training;

namespace Personalization.Node.Ingestion;

/// <summary>Writes what changed to the database behind the stream, then drops the log that it makes unneeded.</summary>
/// <remarks>
/// <see cref="TryBegin"/> is called between commit groups by the thread that folds, so a checkpoint is the state at one position; the
/// writing happens beside it. If the process dies, the last whole checkpoint and the log after it give the same state again.
/// </remarks>
internal sealed partial class Checkpointer(
    Database database,
    EventLog? log,
    IEventFeed? feed,
    ChangeTracker changes,
    ProfileDirectory profiles,
    ProfileCipher cipher,
    SegmentUpkeep segments,
    AuditTrail audit,
    Action wake,
    TimeProvider time,
    NodeOptions options,
    ILogger<Checkpointer> logger)
{
    private const string ItemModel = "items";

    private readonly ConcurrentQueue<TaskCompletionSource> _asked = new();
    private readonly List<TaskCompletionSource> _covered = [];
    private Task<bool>? _running;
    private long _lastBegun = time.GetTimestamp();
    private long _position = database.CheckpointPosition;

    /// <summary>Completes when a checkpoint holds all that is folded now and no file of the log holds any of it. Any thread.</summary>
    /// <exception cref="StorageUnavailableException">It could not be written, or a file not deleted.</exception>
    public Task DropLogAsync()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Enqueue(asked);
        wake();
        return asked.Task;
    }

    /// <summary>Begins a checkpoint if one is due and none is running. Returns whether a finished one has just been taken note of.</summary>
    public bool TryBegin(long foldedThrough, bool now = false)
    {
        var finished = TakeNote();
        var due = now || !_asked.IsEmpty || time.GetElapsedTime(_lastBegun) >= options.CheckpointInterval || changes.Count >= options.CheckpointChanges;
        if (_running is not null || !due)
        {
            return finished;
        }

        while (_asked.TryDequeue(out var asked))
        {
            _covered.Add(asked);
        }

        if (_covered.Count > 0)
        {
            // What is appended from now on goes to a segment of its own, so that those before can be deleted whole.
            log?.Roll();
        }

        if (foldedThrough > _position)
        {
            _lastBegun = time.GetTimestamp();
            var pieces = changes.Freeze();
            var epoch = changes.FrozenEpoch;
            var marks = feed?.Marks() ?? [];
            _running = Task.Factory.StartNew(
                () => Write(pieces, epoch, foldedThrough, marks), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        else if (_covered.Count > 0)
        {
            log?.DropThrough(_position);
            Answer(written: true);
        }

        return finished;
    }

    /// <summary>Writes everything up to a position, and waits for it. Returns whether it is written.</summary>
    public bool Finish(long foldedThrough)
    {
        _running?.Wait();
        TryBegin(foldedThrough, now: true);
        _running?.Wait();
        TakeNote();
        while (_asked.TryDequeue(out var late))
        {
            late.TrySetException(new StorageUnavailableException("The server is stopping. What was begun goes on after its next start."));
        }

        return _position == foldedThrough;
    }

    private bool TakeNote()
    {
        if (_running is not { IsCompleted: true } running)
        {
            return false;
        }

        changes.Thaw(running.Result);
        _position = database.CheckpointPosition;
        _running = null;
        Answer(running.Result);
        return true;
    }

    private void Answer(bool written)
    {
        foreach (var asked in _covered)
        {
            if (written && (log is null || log.FirstPosition > _position))
            {
                asked.TrySetResult();
            }
            else
            {
                asked.TrySetException(new StorageUnavailableException("The log could not be emptied: a checkpoint was not written, or a file not deleted."));
            }
        }

        _covered.Clear();
    }

    private bool Write(IReadOnlyList<Tracked> pieces, int epoch, long position, IReadOnlyCollection<KeyValuePair<string, long>> marks)
    {
        try
        {
            // What is only in the log must be on record before the log is let go of.
            audit.Flush();
            var buffer = new ArrayBufferWriter<byte>(4096);

            // Once its state is taken a slot may be evicted; it is not to be looked for again.
            ProfileSlot? taken = null;
            database.WriteCheckpoint(
                position,
                pieces.Select(piece =>
                {
                    taken = piece as ProfileSlot;
                    return ProfileRow(piece, epoch, buffer);
                }).OfType<KeyValuePair<string, ReadOnlyMemory<byte>?>>(),
                pieces.OfType<ItemSlot>().Select(slot => new LearnedRow(ItemModel, slot.Id, ChangeTracker.StateOf(slot, epoch, buffer))),
                pieces.OfType<SessionSlot>().Where(slot => !slot.IsErased).Select(slot => slot.ToRow(ChangeTracker.StateOf(slot, epoch, buffer))),
                pieces.OfType<ErasedProfile>().Select(erased => new ErasedRow(erased.Erasure, erased.Id, erased.WasKnown)),
                marks,
                _ => taken is null ? 0 : segments.DueOf(taken));
            foreach (var erased in pieces.OfType<ErasedProfile>())
            {
                profiles.Forget(erased);
            }

            log?.DropThrough(position);
            return true;
        }
#pragma warning disable CA1031 // Nothing was written; what was to be written still is, and the log keeps it until then.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception, position);
            return false;
        }
        finally
        {
            wake();
        }
    }

    private KeyValuePair<string, ReadOnlyMemory<byte>?>? ProfileRow(Tracked piece, int epoch, ArrayBufferWriter<byte> buffer) => piece switch
    {
        ProfileSlot { IsErased: false } slot =>
            KeyValuePair.Create(slot.Profile.Id, (ReadOnlyMemory<byte>?)cipher.Seal(slot.Profile.Id, ChangeTracker.StateOf(slot, epoch, buffer))),
        ErasedProfile erased => KeyValuePair.Create(erased.Id, (ReadOnlyMemory<byte>?)null),
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "The checkpoint through position {Position} was not written; the log is kept and the next one tries again.")]
    private partial void LogFailed(Exception exception, long position);
}
