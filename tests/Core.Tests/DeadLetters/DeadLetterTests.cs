using System.Text;
using Personalization.Core.DeadLetters;

namespace Personalization.Core.Tests.DeadLetters;

public sealed class DeadLetterTests
{
    private static readonly Problem Why = new("type", "required", "Every event needs a type.");

    [Fact]
    public void What_could_be_read_of_an_event_is_kept_and_survives_the_codec()
    {
        var letter = Of("""{"messageId":"m","type":7,"anonymousId":"device","userId":"login"}""")!;
        Assert.Equal(("m", null, "device", "login"), (letter.MessageId, letter.Type, letter.AnonymousId, letter.UserId));

        var read = DeadLetterCodec.Read(5, DeadLetterCodec.Write(letter with { SentAt = 12 }));
        Assert.Equal(letter with { Id = 5, SentAt = 12, Event = default }, read with { Event = default });
        Assert.Equal(letter.Event.ToArray(), read.Event.ToArray());
    }

    [Theory]
    [InlineData("""{"type":"view","consent":{"personalization":false}}""")]
    [InlineData("""{"type":"view","consent":{"personalization":"denied"}}""")]
    [InlineData("""{"type":"view","consent":{"marketing":false}}""")]
    [InlineData("""{"type":"view","consent":{"personalization":["no"]}}""")]
    [InlineData("""{"type":"view","consent":"none"}""")]
    public void Nothing_is_kept_of_who_denies_or_may(string text) => Assert.Null(Of(text));

    [Theory]
    [InlineData("""{"type":"view","consent":{"personalization":true,"training":false}}""")]
    [InlineData("""{"type":"view","consent":null}""")]
    public void Who_allows_it_is_kept(string text) => Assert.False(Of(text)!.Event.IsEmpty);

    [Fact]
    public void Of_what_is_no_json_or_too_long_only_the_reason_is_kept()
    {
        Assert.True(Of("""{"messageId":"secret""")!.Event.IsEmpty);
        var longer = Of($$"""{"type":"view","x":"{{new string('x', DeadLetter.MostBytes)}}"}""")!;
        Assert.True(longer.Event.IsEmpty);
        Assert.Equal("view", longer.Type);
    }

    private static DeadLetter? Of(string text) => DeadLetter.Of(Encoding.UTF8.GetBytes(text), Why, 1000, null);
}
