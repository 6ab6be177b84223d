using System.Buffers;
using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
using Personalization.Core.Tests.Events;

namespace Personalization.Core.Tests.Profiles;

public sealed class IdentityTests
{
    private const long Now = Happened.Monday;

    [Fact]
    public void A_device_is_joined_once_moved_by_what_is_newer_and_never_by_what_is_older()
    {
        var device = new UserProfile("a1");
        Assert.Equal(LinkChange.First, device.LinkTo("u1", Now));

        device.BecomeLinkTo("u1", Now);
        Assert.Equal(LinkChange.Renewed, device.LinkTo("u1", Now - 1));
        Assert.Equal(LinkChange.None, device.LinkTo("u2", Now - 1));
        Assert.Equal(LinkChange.Moved, device.LinkTo("u2", Now + 1));

        // Who was seen again last is whose it is, whatever late news says of the time before.
        device.BecomeLinkTo("u1", Now + 5);
        Assert.Equal(LinkChange.None, device.LinkTo("u2", Now + 1));
    }

    [Fact]
    public void Of_two_logins_at_one_moment_the_same_one_gets_the_device_in_either_order()
    {
        Assert.Equal("u2", OwnerAfter("u1", "u2"));
        Assert.Equal("u2", OwnerAfter("u2", "u1"));

        static string? OwnerAfter(params string[] logins)
        {
            var device = new UserProfile("a1");
            foreach (var login in logins)
            {
                if (device.LinkTo(login, Now) != LinkChange.None)
                {
                    device.BecomeLinkTo(login, Now);
                }
            }

            return device.Owner;
        }
    }

    [Fact]
    public void What_has_logged_in_is_joined_to_nothing()
    {
        var login = new UserProfile("u1");
        login.Fold(new Event { MessageId = "1", Type = "view", Timestamp = Now, ReceivedAt = Now, UserId = "u1" }, 1, new Vocabulary());

        Assert.True(login.IsLogin);
        Assert.Equal(LinkChange.None, login.LinkTo("u2", Now));
        Assert.Equal(LinkChange.None, new UserProfile("a1").LinkTo("a1", Now));
    }

    [Fact]
    public void A_link_remembers_what_was_shown_on_its_device_and_nothing_else()
    {
        var folding = new Folding();
        var seen = Happened.Event("impression", Now, "boot", "shoes");
        seen.Expose([new Exposure("hero", 1, "red")]);
        folding.Fold(seen);

        folding.Profile.BecomeLinkTo("u1", Now);
        folding.WriteAndRead();

        Assert.Equal("u1", folding.Profile.Owner);
        Assert.Equal(LinkChange.None, folding.Profile.LinkTo("u0", Now));
        Assert.Equal(folding.Words.Find("red"), folding.Profile.AssignedVariant(folding.Words.Find("hero"), 1, "ann"));
        Assert.Equal(-1, folding.Profile.AssignedVariant(folding.Words.Find("hero"), 1, "other"));
        Assert.Equal((0, 0, 0), (folding.Profile.Types.Length, folding.Profile.RecentItems.Length, folding.Profile.Sessions));
    }

    [Fact]
    public void A_login_tells_its_devices_also_after_it_was_put_to_rest()
    {
        var folding = new Folding();
        folding.Profile.Attach(new Device("a1", HasHistory: true));
        folding.Profile.Attach(new Device("a2", HasHistory: false));
        folding.WriteAndRead();

        Assert.True(folding.Profile.IsLogin);
        Assert.Equal([new Device("a1", true), new Device("a2", false)], folding.Profile.Devices.ToArray());
        Assert.Equal((true, false, false), (folding.Profile.HasHistoryOf("a1"), folding.Profile.HasHistoryOf("a2"), folding.Profile.HasHistoryOf("a3")));

        folding.Profile.Detach("a1");
        Assert.Equal(["a2"], folding.Profile.ViewAt(Now, folding.Words).Devices);
    }

    [Fact]
    public void What_a_person_saw_is_told_by_device_and_the_earliest_by_person()
    {
        var words = new Vocabulary();
        var profile = new UserProfile("u1");
        profile.Fold(Shown("1", "a2", Now + 5_000, "blue"), 1, words);
        profile.Fold(Shown("2", "a1", Now, "red"), 2, words);

        var hero = words.Find("hero");
        Assert.Equal("red", words[profile.AssignedVariant(hero, 1)]);
        Assert.Equal("blue", words[profile.AssignedVariant(hero, 1, "a2")]);
        Assert.Equal(-1, profile.AssignedVariant(hero, 2, "a2"));
        Assert.Equal("red", profile.ViewAt(Now, words).Assignments["hero"]);

        static Event Shown(string message, string device, long at, string variant)
        {
            var made = new Event { MessageId = message, Type = "impression", Timestamp = at, ReceivedAt = at, AnonymousId = device, UserId = "u1" };
            made.Expose([new Exposure("hero", 1, variant)]);
            return made;
        }
    }

    [Theory]
    [InlineData(EventTypes.Identify, "a1", null, "a1")]
    [InlineData(EventTypes.Identify, null, null, null)]
    [InlineData(EventTypes.Identify, "u1", null, null)]
    [InlineData(EventTypes.Alias, "a1", "a0", "a0")]
    [InlineData(EventTypes.View, "a1", null, null)]
    public void An_event_joins_the_device_it_names(string type, string? anonymousId, string? previousId, string? device)
    {
        Assert.Equal(device, IdentityRules.DeviceOf(Named(type, anonymousId, previousId, default)));
        Assert.Null(IdentityRules.DeviceOf(Named(type, anonymousId, previousId, new Consent(default, Purposes.CrossDevice))));

        static Event Named(string type, string? anonymousId, string? previousId, Consent consent) => new()
        {
            MessageId = "1",
            Type = type,
            Timestamp = Now,
            ReceivedAt = Now,
            AnonymousId = anonymousId,
            UserId = "u1",
            PreviousId = previousId,
            Consent = consent,
        };
    }

    [Fact]
    public void A_profile_of_version_1_is_read()
    {
        var words = new Vocabulary();
        var bytes = new ArrayBufferWriter<byte>();
        bytes.WriteByte(1);
        bytes.WriteNumber(7);
        foreach (var number in (long[])[Now, Now / 1000, Now / 1000, Now / 1000, 1, 1])
        {
            bytes.WriteNumber(number);
        }

        bytes.WriteText(null);
        bytes.WriteNumber(0L); // types
        bytes.WriteNumber(0L); // panes
        bytes.WriteNumber(0L); // recent items
        bytes.WriteNumber(1L);
        bytes.WriteText("shoes");
        bytes.WriteFixed(((ulong)BitConverter.SingleToUInt32Bits(2.5f) << 32) | (uint)(Now / 1000));
        bytes.WriteNumber(0L); // brands
        bytes.WriteNumber(1L);
        bytes.WriteText("hero");
        bytes.WriteNumber(1L);
        bytes.WriteText("red");
        bytes.WriteNumber(0L); // messages

        var read = UserProfile.Read("a1", bytes.WrittenSpan, words);

        Assert.Equal((7, 1, false), (read.Version, read.Sessions, read.IsLogin));
        Assert.Equal(2.5, Assert.Single(read.Categories.Entries.ToArray()).Value);
        Assert.Equal("red", words[read.AssignedVariant(words.Find("hero"), 1, "a1")]);
    }
}
