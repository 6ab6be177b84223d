namespace Personalization.Node.Ingestion;

/// <summary>Batches waiting to be committed. Many put, one takes all there is: that is the commit group.</summary>
internal sealed class CommitQueue(long mostBytes) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _arrived = new(initialState: false);
    private readonly Queue<PendingBatch> _waiting = [];
    private long _bytes;
    private bool _closed;

    /// <summary>Puts a batch; false where the queue is full or closed.</summary>
    public bool TryPut(PendingBatch batch)
    {
        lock (_gate)
        {
            if (_closed || _bytes > mostBytes)
            {
                return false;
            }

            _bytes += batch.Bytes.Length;
            _waiting.Enqueue(batch);
        }

        _arrived.Set();
        return true;
    }

    /// <summary>Takes the batches waiting, up to a size, after waiting for the first one; none where the time is up.</summary>
    public void Take(List<PendingBatch> group, int groupBytes, TimeSpan patience)
    {
        if (!TryTake(group, groupBytes) && !IsClosed)
        {
            _arrived.WaitOne(patience);
            TryTake(group, groupBytes);
        }
    }

    /// <summary>Ends a wait in <see cref="Take"/>: there is something else to do.</summary>
    public void Wake() => _arrived.Set();

    /// <summary>Takes no more batches; those waiting are still given out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        _arrived.Set();
    }

    /// <summary>Gets whether it was closed and all is given out.</summary>
    public bool IsDone
    {
        get
        {
            lock (_gate)
            {
                return _closed && _waiting.Count == 0;
            }
        }
    }

    public void Dispose() => _arrived.Dispose();

    private bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    private bool TryTake(List<PendingBatch> group, int groupBytes)
    {
        lock (_gate)
        {
            for (var taken = 0; taken < groupBytes && _waiting.TryDequeue(out var batch);)
            {
                taken += batch.Bytes.Length;
                _bytes -= batch.Bytes.Length;
                group.Add(batch);
            }

            return group.Count > 0;
        }
    }
}
