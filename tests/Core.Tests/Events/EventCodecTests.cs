using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Core.Tests.Events;

public sealed class EventCodecTests
{
    private static readonly Gen<string?> OptionalText =
        Gen.OneOf(Gen.Constant((string?)null), Gen.Elements<string?>("", "A1", "éüß", "鞋", "😀", new string('x', 300)));

    private static readonly Gen<double> Amount = Gen.Elements(double.NaN, 0, -0.0, 19.95, double.MaxValue, double.Epsilon);

    private static readonly Gen<Exposure[]> Exposures = Gen.Choose(0, 3).Select(count => Enumerable
        .Range(1, count)
        .Select(i => new Exposure($"experiment{i}", i * 100_000_000, i == 1 ? "" : "ü"))
        .ToArray());

    private static readonly Gen<Event> Events =
        from id in Gen.Elements("m", "message-1", new string('ü', 256))
        from type in Gen.Elements("view", "purchase", "impression", "my own type")
        from receivedAt in Gen.Elements(0L, 1, Happened.Monday, 253_402_300_799_999)
        from age in Gen.Choose(0, 1000).Select(thousandths => receivedAt / 1000 * thousandths)
        from texts in OptionalText.ArrayOf(8)
        from numbers in Amount.ArrayOf(2)
        from quantity in Gen.Elements(1, 127, 128, 1_000_000)
        from granted in Gen.Choose(0, 31)
        from denied in Gen.Choose(0, 31)
        from exposures in Exposures
        select Make(id, type, receivedAt, age, texts, numbers, quantity, new Consent((Purposes)granted, (Purposes)denied), exposures);

    [Fact]
    public void An_event_is_read_as_it_was_written() => Prop
        .ForAll(Events.ToArbitrary(), written => Assert.Equal(Facts(written), Facts(Assert.Single(EventCodec.Read(Write(written))))))
        .Check(Config.QuickThrowOnFailure.WithReplay(7, 11).WithMaxTest(500));

    [Fact]
    public void Events_written_one_after_the_other_are_read_in_order()
    {
        var events = Enumerable.Range(0, 500).Select(i => Happened.Event("view", Happened.Monday + i, message: $"m{i}")).ToArray();

        Assert.Equal(events.Select(Facts), EventCodec.Read(Write(events)).Select(Facts));
        Assert.Empty(EventCodec.Read([]));
    }

    [Fact]
    public void A_known_type_is_read_as_the_one_shared_string()
    {
        var written = Happened.Event(new string(EventTypes.View.AsSpan()), Happened.Monday);

        Assert.Same(EventTypes.View, EventCodec.Read(Write(written))[0].Type);
    }

    [Fact]
    public void Bytes_that_end_early_are_no_event()
    {
        var written = Write(Make("m", "view", 9, 4, ["a", "b", "c", "d", "e", "f", "g", "h"], [1, 2], 3, new(Purposes.Analytics, Purposes.Training), [new("x", 1, "y")]));
        for (var length = 1; length < written.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => EventCodec.Read(written.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Damaged_bytes_are_read_as_something_else_or_refused_and_never_ask_for_all_memory()
    {
        var written = Write(Make("m", "view", 9, 4, ["a", "b", null, "d", "e", "f", "g", "h"], [1, 2], 3, new(Purposes.Analytics, Purposes.Training), [new("x", 1, "y")]));
        var random = new Random(3);
        var refused = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            var damaged = written.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            damaged[random.Next(damaged.Length)] = 0xFF;
            try
            {
                EventCodec.Read(damaged);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 9_999);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000 * 16 * 1024);
    }

    [Fact]
    public void A_newer_version_is_refused_by_name()
    {
        var written = Write(Happened.Event("view", Happened.Monday));
        written[0] = 2;

        Assert.Contains("version 2", Assert.Throws<InvalidDataException>(() => EventCodec.Read(written)).Message);
    }

    private static byte[] Write(params IEnumerable<Event> events)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var written in events)
        {
            EventCodec.Write(output, written);
        }

        return output.WrittenSpan.ToArray();
    }

    private static Event Make(
        string id, string type, long receivedAt, long age, string?[] texts, double[] numbers, int quantity, Consent consent, Exposure[] exposures)
    {
        var made = new Event
        {
            MessageId = id,
            Type = type,
            ReceivedAt = receivedAt,
            Timestamp = receivedAt - age,
            AnonymousId = texts[0],
            UserId = texts[1],
            PreviousId = type.Length % 2 == 0 ? texts[2] : null,
            ItemId = texts[2],
            Query = texts[3],
            DecisionId = texts[4],
            Placement = texts[5],
            Price = numbers[0],
            Value = numbers[1],
            Quantity = quantity,
            Consent = consent,
        }.With(texts[6], texts[7]);
        made.Expose(exposures);
        return made;
    }

    // Bits, so that -0 is not 0.
    private static string Facts(Event of) => string.Join('|',
        of.MessageId, of.Type, of.Timestamp, of.ReceivedAt, of.AnonymousId ?? "∅", of.UserId ?? "∅", of.PreviousId ?? "∅", of.Consent, of.ItemId ?? "∅",
        of.Category ?? "∅", of.Brand ?? "∅", BitConverter.DoubleToInt64Bits(of.Price), of.Quantity, of.Query ?? "∅", of.DecisionId ?? "∅",
        of.Placement ?? "∅", BitConverter.DoubleToInt64Bits(of.Value), string.Join(',', of.Exposures));
}
