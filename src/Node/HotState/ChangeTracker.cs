using System.Buffers;

namespace Personalization.Node.HotState;

/// <summary>Knows what changed since the last checkpoint, and gives a checkpoint the state of one moment while changes go on.</summary>
/// <remarks>
/// Copy on write: <see cref="Freeze"/> only swaps lists; whatever changes before the checkpoint has come to it leaves a copy of its
/// old state behind. <see cref="Changing"/>, <see cref="Freeze"/> and <see cref="Thaw"/> belong to the one thread that changes state.
/// </remarks>
internal sealed class ChangeTracker
{
    private List<Tracked> _changed = [];
    private List<Tracked>? _frozen;
    private int _epoch = 1;

    /// <summary>Gets how many pieces changed since the last freeze.</summary>
    public int Count => _changed.Count;

    /// <summary>Says that a piece is about to change. The caller holds its lock, or calls this with nothing else touching it before the change.</summary>
    public void Changing(Tracked piece)
    {
        if (piece.ChangedIn == _epoch)
        {
            return;
        }

        if (piece.ChangedIn != 0)
        {
            // It belongs to the running checkpoint, which has not come to it yet.
            piece.Preserved = Bytes(piece, new ArrayBufferWriter<byte>());
        }

        piece.ChangedIn = _epoch;
        _changed.Add(piece);
    }

    /// <summary>Begins a checkpoint of everything that changed.</summary>
    public IReadOnlyList<Tracked> Freeze()
    {
        _frozen = _changed;
        _changed = [];
        _epoch++;
        return _frozen;
    }

    /// <summary>Gives the state that a frozen piece had when the checkpoint began. Any thread.</summary>
    /// <param name="piece">One of what <see cref="Freeze"/> gave.</param>
    /// <param name="frozenIn">The epoch that <see cref="Freeze"/> ended: <see cref="FrozenEpoch"/>.</param>
    /// <param name="buffer">Reused from call to call.</param>
    public static byte[] StateOf(Tracked piece, int frozenIn, ArrayBufferWriter<byte> buffer)
    {
        lock (piece)
        {
            if (piece.Preserved is { } preserved)
            {
                piece.Preserved = null;
                return preserved;
            }

            if (piece.ChangedIn == frozenIn)
            {
                piece.ChangedIn = 0;
            }

            return Bytes(piece, buffer);
        }
    }

    /// <summary>Gets the epoch that the last <see cref="Freeze"/> ended.</summary>
    public int FrozenEpoch => _epoch - 1;

    /// <summary>Ends a checkpoint. Where it failed, its pieces count as changed again, before those that changed since.</summary>
    public void Thaw(bool written)
    {
        if (!written && _frozen is { } frozen)
        {
            var before = new List<Tracked>(frozen.Count);
            foreach (var piece in frozen)
            {
                lock (piece)
                {
                    piece.Preserved = null;
                    if (piece.ChangedIn != _epoch)
                    {
                        piece.ChangedIn = _epoch;
                        before.Add(piece);
                    }
                }
            }

            // An erased profile comes before the new one of the same person.
            before.AddRange(_changed);
            _changed = before;
        }

        _frozen = null;
    }

    private static byte[] Bytes(Tracked piece, ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        piece.Write(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
