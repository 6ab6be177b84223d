using System.Buffers;
using Personalization.Core.Decisions;
using Personalization.Node.Storage;

namespace Personalization.Node.Decisions;

/// <summary>Remembers every decision: at once in memory, soon in the database. A decision never waits for it.</summary>
internal sealed partial class DecisionLog : IDisposable
{
    private const int BlockBytes = 256 * 1024;

    // Impressions follow their decisions within seconds; these blocks answer them without the database.
    private const int RecentBlocks = 64;

    // More blocks than this waiting means that the disk can't keep up: forgetting beats running out of memory.
    private const int MostWaiting = 128;

    // So many are written before the interval is over.
    private const int ManyWaiting = 64;

    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(500);

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? record;

    private readonly Database _database;
    private readonly long _keepBytes;
    private readonly ILogger<DecisionLog> _logger;
    private readonly Lock _gate = new();
    private readonly Queue<DecisionBlock> _recent = new();
    private readonly Queue<DecisionBlock> _waiting = new();
    private readonly Stack<DecisionBlock> _spare = new();
    private readonly List<TaskCompletionSource> _flushing = [];
    private readonly AutoResetEvent _work = new(initialState: false);
    private readonly Thread _writer;
    private DecisionBlock _current = new(BlockBytes);
    private long _dropped;
    private volatile bool _closing;

    public DecisionLog(Database database, NodeOptions options, ILogger<DecisionLog> logger)
    {
        _database = database;
        _keepBytes = options.DecisionBytes;
        _logger = logger;
        _writer = new Thread(Run) { Name = "decisions", IsBackground = true };
        _writer.Start();
    }

    /// <summary>Gets how many decisions were forgotten because writing failed or could not keep up.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public void Add(Decision decision)
    {
        var bytes = record ??= new ArrayBufferWriter<byte>(1024);
        bytes.ResetWrittenCount();
        DecisionCodec.Write(bytes, decision);
        lock (_gate)
        {
            if (_current.Bytes.Length + bytes.WrittenCount > BlockBytes)
            {
                Turn();
            }

            _current.Add(decision.Id, decision.PersonId, decision.DeviceId, bytes.WrittenSpan);
        }
    }

    public DecisionRecord? Find(DecisionId id)
    {
        lock (_gate)
        {
            if (_current.MayHold(id) && DecisionBlock.Find(_current.Bytes, id) is { } found)
            {
                return found;
            }
        }

        if (FindRecent(id) is { } recent)
        {
            return recent;
        }

        Span<byte> key = stackalloc byte[DecisionId.ByteLength];
        id.WriteBytes(key);
        foreach (var block in _database.FindDecisionBlocks(key))
        {
            if (DecisionBlock.Find(block, id) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    public void Dispose()
    {
        _closing = true;
        _work.Set();
        _writer.Join();
        _work.Dispose();
    }

    private DecisionRecord? FindRecent(DecisionId id)
    {
        DecisionBlock[] blocks;
        lock (_gate)
        {
            blocks = [.. _recent.Where(block => block.MayHold(id))];
            foreach (var block in blocks)
            {
                block.Users++;
            }
        }

        try
        {
            return blocks.Select(block => DecisionBlock.Find(block.Bytes, id)).FirstOrDefault(found => found is not null);
        }
        finally
        {
            Release(blocks);
        }
    }

    /// <summary>Hands the current block to the writer. The caller holds the gate.</summary>
    private void Turn()
    {
        if (_current.Count == 0)
        {
            return;
        }

        if (_waiting.Count == MostWaiting)
        {
            var forgotten = _waiting.Dequeue();
            _dropped += forgotten.Count;
            Release(forgotten);
        }

        _current.Users = 2;
        _waiting.Enqueue(_current);
        _recent.Enqueue(_current);
        if (_recent.Count > RecentBlocks)
        {
            Release(_recent.Dequeue());
        }

        _current = _spare.TryPop(out var spare) ? spare : new DecisionBlock(BlockBytes);
        if (_waiting.Count >= ManyWaiting)
        {
            _work.Set();
        }
    }

    private void Release(IReadOnlyList<DecisionBlock> blocks)
    {
        lock (_gate)
        {
            foreach (var block in blocks)
            {
                Release(block);
            }
        }
    }

    /// <summary>One user less. The caller holds the gate.</summary>
    private void Release(DecisionBlock block)
    {
        if (--block.Users == 0 && _spare.Count < RecentBlocks)
        {
            block.Clear();
            _spare.Push(block);
        }
    }

    private void Run()
    {
        var closing = false;
        while (!closing)
        {
            _work.WaitOne(FlushInterval);
            closing = _closing;
            DecisionBlock[] blocks;
            TaskCompletionSource[] flushing;
            lock (_gate)
            {
                Turn();
                blocks = [.. _waiting];
                flushing = [.. _flushing];
                _waiting.Clear();
                _flushing.Clear();
            }

            if (blocks.Length > 0)
            {
                Write(blocks);
                Release(blocks);
            }

            foreach (var flushed in flushing)
            {
                flushed.TrySetResult();
            }
        }
    }

    private void Write(DecisionBlock[] blocks)
    {
        try
        {
            // All of them in one transaction: what this thread costs is mostly the flush to the disk, and deciding needs the processor.
            _database.WriteDecisionBlocks([.. blocks.Select(block => block.ToRow())], _keepBytes);
        }
#pragma warning disable CA1031 // A full disk loses the memory of decisions, never a decision.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var lost = blocks.Sum(block => block.Count);
            Interlocked.Add(ref _dropped, lost);
            LogDropped(exception, lost);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} decisions could not be written and are only remembered for a while.")]
    private partial void LogDropped(Exception exception, int count);
}
