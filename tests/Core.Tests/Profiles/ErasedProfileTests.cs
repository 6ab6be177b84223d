using System.Text;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using Personalization.Core.Profiles;

namespace Personalization.Core.Tests.Profiles;

/// <summary>A mark in the log erases what came before it, and nothing that comes after.</summary>
public sealed class ErasedProfileTests
{
    private readonly Vocabulary _words = new();

    [Fact]
    public void A_replica_forgets_at_the_mark_and_keeps_only_the_position()
    {
        var replica = new ProfileReplica(new UserProfile("ann"), _words);
        replica.Fold(View("1"), 5);
        replica.HandOver(Event.Erasing("ann", "e", 0), 6);
        Assert.False(replica.View.IsKnown);
        Assert.True(replica.Folded.IsKnown);

        replica.Fold(Event.Erasing("ann", "e", 0), 6);
        Assert.False(replica.Folded.IsKnown);
        Assert.Equal(6, replica.Folded.Version);

        // The log is read again, and then goes on.
        replica.Fold(View("1"), 5);
        replica.Fold(Event.Erasing("ann", "e", 0), 6);
        Assert.False(replica.Folded.IsKnown);
        replica.Fold(View("1"), 7);
        Assert.Equal(1, replica.Folded.Total(EventTypes.View));
    }

    [Fact]
    public void When_somebody_was_last_seen_is_read_without_the_rest()
    {
        var profile = new UserProfile("ann");
        profile.Fold(View("1"), 1, _words);
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        profile.Write(bytes, _words);

        Assert.Equal(profile.LastSeen, UserProfile.ReadLastSeen(bytes.WrittenSpan));
    }

    [Fact]
    public void A_record_without_a_value_is_a_mark_only_where_it_says_so()
    {
        var key = Encoding.UTF8.GetBytes("ann");

        var mark = EventRecord.Read(key, default, EventRecord.VersionValue.Span, Encoding.UTF8.GetBytes("erasure-7"));
        var poison = EventRecord.Read(key, default, EventRecord.VersionValue.Span);

        Assert.Equal((EventTypes.Erase, "ann", "erasure-7"), (mark.Event!.Type, mark.Event.PersonId, mark.Event.MessageId));
        Assert.Equal(PoisonReason.NoValue, poison.Reason);
    }

    private static Event View(string messageId) => new()
    {
        MessageId = messageId,
        Type = EventTypes.View,
        Timestamp = 1_700_000_000_000,
        ReceivedAt = 1_700_000_000_000,
        AnonymousId = "ann",
    };
}
