using System.Buffers;
using Personalization.Core;
using Personalization.Core.Profiles;

namespace Personalization.Node.HotState;

/// <summary>A profile in memory. Its lock lets one caller in at a time.</summary>
internal sealed class ProfileSlot(UserProfile profile, Vocabulary words) : Tracked
{
    public UserProfile Profile => profile;

    /// <summary>Gets or sets when it was last asked for, in <see cref="Environment.TickCount64"/> seconds; written without a lock, for eviction only.</summary>
    public int LastUsed { get; set; }

    /// <summary>Gets or sets whether the person was erased. Written and read under the lock.</summary>
    public bool IsErased { get; set; }

    public override void Write(IBufferWriter<byte> output) => profile.Write(output, words);
}
