using System.Buffers;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Training;
using Personalization.Node.HotState;
using Personalization.Node.Storage;

namespace Personalization.Node.Training;

/// <summary>A session that is being recorded, as checkpoints see it.</summary>
internal sealed class SessionSlot(OpenSession session, long sequence, int secret, byte[] pseudonym, Vocabulary words) : Tracked
{
    private long _ended = session.LastAt;

    /// <summary>Gets or sets whether the person was erased: it is not written any more.</summary>
    public bool IsErased { get; set; }

    /// <summary>Gets or sets whether the person does not let it teach any more: what is written of it is deleted.</summary>
    public bool IsWithdrawn { get; set; }

    public long LastAt => session.LastAt;

    public bool Continues(long at) => session.Continues(at);

    public void Add(Event source)
    {
        session.Add(source, words);
        _ended = session.LastAt;
    }

    public SessionRow ToRow(byte[] body) => new(sequence, secret, pseudonym, Volatile.Read(ref _ended), IsWithdrawn ? null : body);

    public override void Write(IBufferWriter<byte> output) => session.Write(output, words);
}
