using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;

namespace Personalization.Core.Tests.Ingestion;

public sealed class EventRecordTests
{
    private static readonly Event Click = new()
    {
        MessageId = "m-1",
        Type = "click",
        Timestamp = 1_700_000_000_000,
        ReceivedAt = 1_700_000_000_050,
        AnonymousId = "device-1",
        UserId = "anna",
        ItemId = "sku-7",
        Price = 12.5,
        DecisionId = "d-9",
    };

    [Fact]
    public void An_event_comes_back_as_it_went()
    {
        var read = Read(Click);

        Assert.Equal((PoisonReason.None, null), (read.Reason, read.Detail));
        Assert.Equal(EventRecord.ValueOf(Click), EventRecord.ValueOf(read.Event!));
        Assert.Equal(("m-1", "anna", "sku-7", 12.5), (read.Event!.MessageId, read.Event.PersonId, read.Event.ItemId, read.Event.Price));
    }

    [Fact]
    public void The_key_is_the_login_where_there_is_one_and_else_the_device()
    {
        Assert.Equal("anna", Encoding.UTF8.GetString(EventRecord.KeyOf(Click)));
        Assert.Equal("Žofie", Encoding.UTF8.GetString(EventRecord.KeyOf(Device("Žofie"))));
        Assert.Equal(PoisonReason.None, Read(Device("Žofie")).Reason);
    }

    [Fact]
    public void The_version_header_is_the_digit_one() => Assert.Equal("1"u8, EventRecord.VersionValue.Span);

    [Fact]
    public void A_record_without_a_key_is_poison() =>
        Assert.Equal(PoisonReason.NoKey, EventRecord.Read([], EventRecord.ValueOf(Click), "1"u8).Reason);

    [Fact]
    public void A_record_without_a_value_is_poison() => Assert.Equal(PoisonReason.NoValue, EventRecord.Read("anna"u8, [], "1"u8).Reason);

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("2")]
    [InlineData("1 ")]
    [InlineData("01")]
    [InlineData("one")]
    public void A_version_that_this_program_does_not_read_is_poison(string version) =>
        Assert.Equal(
            PoisonReason.UnknownVersion,
            EventRecord.Read("anna"u8, EventRecord.ValueOf(Click), Encoding.ASCII.GetBytes(version)).Reason);

    [Fact]
    public void A_key_of_someone_else_is_poison_and_the_reason_names_no_one()
    {
        var read = EventRecord.Read("bob"u8, EventRecord.ValueOf(Click), "1"u8);

        Assert.Equal(PoisonReason.ForeignKey, read.Reason);
        Assert.DoesNotContain("anna", read.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("bob", read.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_device_of_a_person_who_is_logged_in_is_not_the_key() =>
        Assert.Equal(PoisonReason.ForeignKey, EventRecord.Read("device-1"u8, EventRecord.ValueOf(Click), "1"u8).Reason);

    [Fact]
    public void An_event_that_names_no_person_is_poison()
    {
        var value = EventRecord.ValueOf(new Event { MessageId = "m", Type = "t", Timestamp = 1, ReceivedAt = 1 });

        Assert.Equal(PoisonReason.Damaged, EventRecord.Read("anna"u8, value, "1"u8).Reason);
    }

    [Fact]
    public void Two_events_in_one_record_are_poison() =>
        Assert.Equal(
            PoisonReason.Damaged,
            EventRecord.Read("anna"u8, [.. EventRecord.ValueOf(Click), .. EventRecord.ValueOf(Click)], "1"u8).Reason);

    [Fact]
    public void A_value_that_ends_early_is_poison_wherever_it_ends()
    {
        var value = EventRecord.ValueOf(Click);
        for (var length = 1; length < value.Length; length++)
        {
            Assert.Equal(PoisonReason.Damaged, EventRecord.Read("anna"u8, value.AsSpan(0, length), "1"u8).Reason);
        }
    }

    [Fact]
    public void Whatever_one_byte_is_turned_into_nothing_is_thrown()
    {
        var value = EventRecord.ValueOf(Click);
        for (var at = 0; at < value.Length; at++)
        {
            for (var to = 0; to < 256; to++)
            {
                var damaged = value.ToArray();
                damaged[at] = (byte)to;
                var read = EventRecord.Read("anna"u8, damaged, "1"u8);
                Assert.Equal(read.Reason == PoisonReason.None, read.Event is not null);
            }
        }
    }

    [Fact]
    public void Whatever_the_bytes_are_nothing_is_thrown() =>
        Prop.ForAll<byte[], byte[], byte[]>((key, value, version) =>
        {
            var read = EventRecord.Read(key, value, version);
            var versioned = EventRecord.Read("anna"u8, value, "1"u8);
            return read.Reason != PoisonReason.None && versioned.Reason != PoisonReason.None && versioned.Detail is not null;
        }).QuickCheckThrowOnFailure();

    private static Event Device(string id) =>
        new() { MessageId = "m", Type = "view", Timestamp = 1, ReceivedAt = 2, AnonymousId = id };

    private static RecordReading Read(Event source) =>
        EventRecord.Read(EventRecord.KeyOf(source), EventRecord.ValueOf(source), EventRecord.VersionValue.Span);
}
