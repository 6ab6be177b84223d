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

    public bool IsErased { get; set; }

    public long LastAt => session.LastAt;

    public bool Continues(long at) => session.Continues(at);

    public void Add(Event source)
    {
        session.Add(source, words);
        _ended = session.LastAt;
    }

    public SessionRow ToRow(byte[] body) => new(sequence, secret, pseudonym, Volatile.Read(ref _ended), IsErased ? null : body);

    public override void Write(IBufferWriter<byte> output) => session.Write(output, words);
}
