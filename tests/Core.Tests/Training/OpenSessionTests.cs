using System.Buffers;
using System.Text;
using Personalization.Core.Events;
using Personalization.Core.Training;

namespace Personalization.Core.Tests.Training;

public sealed class OpenSessionTests
{
    private readonly Vocabulary _words = new();

    [Fact]
    public void A_pseudonym_is_the_first_half_of_the_published_HMAC()
    {
        // RFC 4231, test case 2.
        var pseudonym = Pseudonym.Of("what do ya want for nothing?", Encoding.ASCII.GetBytes("Jefe"));

        Assert.Equal("5BDCC146BF60754E6A042426089575C7", Convert.ToHexString(pseudonym));
    }

    [Fact]
    public void A_session_that_was_written_goes_on_where_it_was()
    {
        var session = new OpenSession(1_000_000);
        session.Add(At(1_000_000, EventTypes.View, "a"), _words);
        session.Add(At(1_060_000, EventTypes.Purchase, "a", price: 5, quantity: 3), _words);
        var other = new Vocabulary();
        other.Number("something else");
        var resumed = OpenSession.Resume(Bytes(session, _words), other);
        Assert.Equal(1_060_000, resumed.LastAt);

        resumed.Add(At(1_090_500, EventTypes.View, "b"), other);
        resumed.Add(At(1_091_000, EventTypes.Reward, null, value: 0.5), other);
        var read = OpenSession.Read(new byte[Pseudonym.Length], Bytes(resumed, other));

        Assert.Equal([new TrainingStep("view", "a", 0), new TrainingStep("purchase", "a", 60), new TrainingStep("view", "b", 90)], read.Steps);
        Assert.Equal((3, 15.0, 0.5, 1_000_000L), (read.Purchases, read.Revenue, read.Reward, read.StartedAt));
    }

    [Fact]
    public void Thirty_minutes_end_a_session_and_nothing_earlier_belongs_to_it()
    {
        var session = new OpenSession(10_000_000);

        Assert.True(session.Continues(10_000_000 + (30 * 60_000) - 1));
        Assert.False(session.Continues(10_000_000 + (30 * 60_000)));
        Assert.False(session.Continues(9_999_999));
    }

    [Fact]
    public void A_robot_s_session_does_not_grow_for_ever()
    {
        var session = new OpenSession(0);
        for (var i = 0; i < 10 * OpenSession.MostSteps; i++)
        {
            session.Add(At(i, EventTypes.View, "a"), _words);
        }

        Assert.Equal(OpenSession.MostSteps, OpenSession.Read(default, Bytes(session, _words)).Steps.Count);
    }

    private static byte[] Bytes(OpenSession session, Vocabulary words)
    {
        var bytes = new ArrayBufferWriter<byte>();
        session.Write(bytes, words);
        return bytes.WrittenSpan.ToArray();
    }

    private static Event At(long time, string type, string? item, double price = double.NaN, int quantity = 1, double value = double.NaN) => new()
    {
        MessageId = $"{time}",
        Type = type,
        Timestamp = time,
        ReceivedAt = time,
        AnonymousId = "a",
        ItemId = item,
        Price = price,
        Quantity = quantity,
        Value = value,
    };
}
