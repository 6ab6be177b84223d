using System.Buffers;

namespace Personalization.Node.HotState;

/// <summary>The place of an erased profile among what changed: the next checkpoint deletes the row.</summary>
/// <param name="id">The person's id.</param>
/// <param name="erasure">The erasure whose mark it was.</param>
/// <param name="wasKnown">Whether there was a profile.</param>
internal sealed class ErasedProfile(string id, string erasure, bool wasKnown) : Tracked
{
    public string Id => id;

    public string Erasure => erasure;

    public bool WasKnown => wasKnown;

    public override void Write(IBufferWriter<byte> output)
    {
    }
}
