using System.Buffers;
using Personalization.Node.HotState;
using Personalization.Node.Privacy;
using Personalization.Node.Segments;
using Personalization.Node.Storage;

namespace Personalization.Node.Ingestion;

/// <summary>Writes what changed to the database behind the stream, then drops the log that it makes unneeded.</summary>
/// <remarks>
/// <see cref="TryBegin"/> is called between commit groups by the thread that folds, so a checkpoint is the state at one position; the
/// writing happens beside it. If the process dies, the last whole checkpoint and the log after it give the same state again.
/// </remarks>
internal sealed partial class Checkpointer(
    Database database, EventLog log, ChangeTracker changes, SegmentUpkeep segments, AuditTrail audit, TimeProvider time, NodeOptions options, ILogger<Checkpointer> logger)
{
    private const string ItemModel = "items";

    private Task<bool>? _running;
    private long _lastBegun = time.GetTimestamp();
    private long _position = database.CheckpointPosition;

    /// <summary>Begins a checkpoint if one is due and none is running. Returns whether a finished one has just been taken note of.</summary>
    public bool TryBegin(long foldedThrough, bool now = false)
    {
        var finished = TakeNote();
        var due = now || time.GetElapsedTime(_lastBegun) >= options.CheckpointInterval || changes.Count >= options.CheckpointChanges;
        if (_running is null && due && foldedThrough > _position)
        {
            _lastBegun = time.GetTimestamp();
            var pieces = changes.Freeze();
            var epoch = changes.FrozenEpoch;
            _running = Task.Factory.StartNew(
                () => Write(pieces, epoch, foldedThrough), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
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
        return true;
    }

    private bool Write(IReadOnlyList<Tracked> pieces, int epoch, long position)
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
                pieces.OfType<ProfileSlot>().Select(slot =>
                {
                    taken = slot;
                    return KeyValuePair.Create(slot.Profile.Id, (ReadOnlyMemory<byte>?)ChangeTracker.StateOf(slot, epoch, buffer));
                }),
                pieces.OfType<ItemSlot>().Select(slot => new LearnedRow(ItemModel, slot.Id, ChangeTracker.StateOf(slot, epoch, buffer))),
                _ => segments.DueOf(taken!));
            log.DropThrough(position);
            return true;
        }
#pragma warning disable CA1031 // Nothing was written; what was to be written still is, and the log keeps it until then.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception, position);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The checkpoint through position {Position} was not written; the log is kept and the next one tries again.")]
    private partial void LogFailed(Exception exception, long position);
}
