using System.Buffers;
using Personalization.Core;
using Personalization.Core.Profiles;
using Personalization.Core.Segments;

namespace Personalization.Node.HotState;

/// <summary>A profile in memory. Its lock lets one caller in at a time.</summary>
internal sealed class ProfileSlot(UserProfile profile, Vocabulary words) : Tracked
{
    private int _owed;

    public UserProfile Profile => profile;

    /// <summary>Gets or sets when it was last asked for, in <see cref="Environment.TickCount64"/> seconds; written without a lock, for eviction only.</summary>
    public int LastUsed { get; set; }

    /// <summary>The segments the person is in. Changed and read under the lock.</summary>
    public Memberships Memberships;

    /// <summary>Gets or sets whether the person was erased. Written and read under the lock.</summary>
    public bool IsErased { get; set; }

    /// <summary>Gets or sets whether no segment was asked about this person yet.</summary>
    public bool IsNew { get; set; }

    /// <summary>Gets whether changes of <see cref="Memberships"/> are not in the database yet.</summary>
    public bool IsOwed => Volatile.Read(ref _owed) != 0;

    /// <summary>Takes note of changes of <see cref="Memberships"/> that were made (positive) or written (negative).</summary>
    public void Owe(int changes) => Interlocked.Add(ref _owed, changes);

    public override void Write(IBufferWriter<byte> output) => profile.Write(output, words);
}
