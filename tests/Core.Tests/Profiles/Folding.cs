using System.Buffers;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Core.Tests.Events;

namespace Personalization.Core.Tests.Profiles;

/// <summary>Folds events into a profile at positions that count up, as a host does.</summary>
internal sealed class Folding
{
    private long _position;

    public Vocabulary Words { get; } = new();

    public UserProfile Profile { get; private set; } = new("ann");

    public FoldOutcome Fold(Event source) => Profile.Fold(source, ++_position, Words);

    public FoldOutcome Fold(
        string type, long at, string? item = null, string? category = null, string? brand = null, string? message = null, long? receivedAt = null) =>
        Fold(Happened.Event(type, at, item, category, brand, message, receivedAt));

    public string? Word(int number) => number < 0 ? null : Words[number];

    public string[] Recent() => [.. Profile.RecentItems.ToArray().Select(recent => Words[recent.Item])];

    public byte[] Bytes() => Bytes(Profile, Words);

    public static byte[] Bytes(UserProfile profile, Vocabulary words)
    {
        var output = new ArrayBufferWriter<byte>();
        profile.Write(output, words);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Gives all but the version, which says how far the log was folded.</summary>
    public static byte[] State(UserProfile profile, Vocabulary words)
    {
        var output = new ArrayBufferWriter<byte>();
        profile.WriteState(output, words);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Puts the profile to rest and wakes it, as eviction and restart do.</summary>
    public void WriteAndRead() => Profile = UserProfile.Read("ann", Bytes(), Words);
}
