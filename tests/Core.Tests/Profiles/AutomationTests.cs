using System.Buffers;
using Personalization.Core.Events;
using Personalization.Core.Profiles;

namespace Personalization.Core.Tests.Profiles;

public sealed class AutomationTests
{
    private static readonly long Now = new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    [Fact]
    public void Two_clicks_a_second_for_a_minute_are_no_persons_and_teach_nothing()
    {
        var (profile, words) = (new UserProfile("p"), new Vocabulary());
        for (var i = 0; i < 120; i++)
        {
            var outcome = profile.Fold(Click(i, Now + (i * 400)), i + 1, words);
            Assert.True(outcome is { IsAutomated: false, Item: >= 0 });
        }

        var beyond = profile.Fold(Click(120, Now + (120 * 400)), 121, words);
        Assert.True(beyond is { Applied: true, IsAutomated: true, Item: -1, Previous: -1 });
        Assert.True(profile.IsAutomatedAt(Now + 60_000));
        Assert.Equal(AutomationReasons.Rate, profile.Automation.At((Now / 1000) + 60));

        // An hour after the last quick act they are people again.
        Assert.False(profile.IsAutomatedAt(Now + (48 * 1000) + (3600 * 1000)));
    }

    [Fact]
    public void A_quick_person_history_and_impressions_are_nothing_of_the_kind()
    {
        var (profile, words) = (new UserProfile("p"), new Vocabulary());
        var position = 0L;
        for (var i = 0; i < 600; i++)
        {
            // A click a second for ten minutes, a thousand a second long ago, and what pages report by themselves.
            profile.Fold(Click(position, Now + (i * 1000)), ++position, words);
            profile.Fold(Click(position, Now - 90_000_000 + i, received: Now + (i * 1000)), ++position, words);
            profile.Fold(Click(position, Now + (i * 1000), EventTypes.Impression), ++position, words);
            profile.Fold(Click(position, Now + (i * 1000), "heartbeat"), ++position, words);
        }

        Assert.Equal(0u, profile.Automation.Until);
    }

    [Fact]
    public void A_bots_event_flags_the_person_for_a_day_and_exposes_them_to_nothing()
    {
        var (profile, words) = (new UserProfile("p"), new Vocabulary());
        var seen = Click(0, Now, EventTypes.Impression);
        seen.Expose([new Exposure("test", 1, "b")]);
        seen.MarkAutomated();
        Assert.True(profile.Fold(seen, 1, words).IsAutomated);
        Assert.Equal(-1, profile.AssignedVariant(words.Number("test"), 1));
        Assert.True(profile.IsAutomatedAt(Now + (23 * 3_600_000L)));
        Assert.False(profile.IsAutomatedAt(Now + (24 * 3_600_000L)));
    }

    [Fact]
    public void What_is_known_of_automation_survives_the_codecs()
    {
        var (profile, words) = (new UserProfile("p"), new Vocabulary());
        var bot = Click(0, Now);
        bot.MarkAutomated();
        var bytes = new ArrayBufferWriter<byte>();
        EventCodec.Write(bytes, bot);
        var read = Assert.Single(EventCodec.Read(bytes.WrittenSpan));
        Assert.True(read.IsAutomated);
        profile.Fold(read, 1, words);

        var state = new ArrayBufferWriter<byte>();
        profile.Write(state, words);
        var again = UserProfile.Read("p", state.WrittenSpan, words);
        Assert.Equal(profile.Automation, again.Automation);
        Assert.True(again.IsAutomatedAt(Now));
    }

    [Fact]
    public void Devices_of_one_person_are_as_quick_together_in_whatever_order_they_are_joined()
    {
        AutomationState Of(int clicks, long from)
        {
            var (profile, words) = (new UserProfile("p"), new Vocabulary());
            for (var i = 0; i < clicks; i++)
            {
                profile.Fold(Click(i, from + (i * 100)), i + 1, words);
            }

            return profile.Automation;
        }

        AutomationState[] parts = [Of(70, Now), Of(80, Now + 20_000), Of(5, Now + 65_000), Of(130, Now - 600_000)];
        foreach (var a in parts)
        {
            foreach (var b in parts)
            {
                var (ab, ba) = (a, b);
                ab.Merge(b);
                ba.Merge(a);
                Assert.Equal(ab, ba);
                foreach (var c in parts)
                {
                    var (left, right, bc) = (ab, a, b);
                    left.Merge(c);
                    bc.Merge(c);
                    right.Merge(bc);
                    Assert.Equal(left, right);
                }
            }
        }
    }

    private static Event Click(long id, long at, string type = EventTypes.Click, long? received = null) => new()
    {
        MessageId = $"m{id}",
        Type = type,
        Timestamp = at,
        ReceivedAt = received ?? at,
        AnonymousId = "p",
        ItemId = "shoe",
    };
}
