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
    private const int MostWaiting = 256;

    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(500);

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? record;

    private readonly Database _database;
    private readonly long _keepBytes;
    private readonly ILogger<DecisionLog> _logger;
    private readonly Lock _gate = new();
    private readonly Queue<DecisionBlock> _recent = new();
    private readonly Queue<DecisionBlock> _waiting = new();
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

            _current.Add(decision.Id, bytes.WrittenSpan);
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

        foreach (var block in Recent())
        {
            if (block.MayHold(id) && DecisionBlock.Find(block.Bytes, id) is { } found)
            {
                return found;
            }
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

    private DecisionBlock[] Recent()
    {
        lock (_gate)
        {
            return [.. _recent];
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
            _dropped += _waiting.Dequeue().Count;
        }

        _waiting.Enqueue(_current);
        _recent.Enqueue(_current);
        if (_recent.Count > RecentBlocks)
        {
            _recent.Dequeue();
        }

        _current = new DecisionBlock(BlockBytes);
        _work.Set();
    }

    private void Run()
    {
        while (true)
        {
            var closing = _closing;
            if (!closing)
            {
                _work.WaitOne(FlushInterval);
            }

            lock (_gate)
            {
                Turn();
            }

            while (Next() is { } block)
            {
                Write(block);
            }

            if (closing)
            {
                return;
            }
        }
    }

    private DecisionBlock? Next()
    {
        lock (_gate)
        {
            return _waiting.TryDequeue(out var block) ? block : null;
        }
    }

    private void Write(DecisionBlock block)
    {
        try
        {
            Span<byte> first = stackalloc byte[DecisionId.ByteLength];
            Span<byte> last = stackalloc byte[DecisionId.ByteLength];
            block.First.WriteBytes(first);
            block.Last.WriteBytes(last);
            _database.WriteDecisionBlock(first, last, block.Count, block.Bytes);
            _database.PruneDecisions(_keepBytes);
        }
#pragma warning disable CA1031 // A full disk loses the memory of decisions, never a decision.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.Add(ref _dropped, block.Count);
            LogDropped(exception, block.Count);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} decisions could not be written and are only remembered for a while.")]
    private partial void LogDropped(Exception exception, int count);
}
