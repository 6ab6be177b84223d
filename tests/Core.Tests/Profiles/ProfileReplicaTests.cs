using System.Buffers;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Core.Tests.Events;

namespace Personalization.Core.Tests.Profiles;

/// <summary>A device and a login that live apart become one, whatever comes twice or late.</summary>
public sealed class ProfileReplicaTests
{
    private static readonly Vocabulary Words = new();

    [Fact]
    public void A_device_hands_over_what_it_held_once_and_says_from_where_on_its_events_are_the_logins()
    {
        var (device, login) = (Replica("a1"), Replica("u1"));
        device.Fold(View("a1", 1), 5);
        device.Fold(View("a1", 2), 9);

        var first = device.Detach("u1", Happened.Monday);
        login.Attach("a1", first);
        var again = device.Detach("u1", Happened.Monday);
        login.Attach("a1", again);

        Assert.Equal((true, true), (first.IsOwner, first.HasHistory));
        Assert.Equal(first.Parcel, again.Parcel);
        Assert.Equal(2, login.Folded.Total("view"));
        Assert.Equal((null, null, "u1"), (device.OwnerAt(5), device.OwnerAt(9), device.OwnerAt(10)));

        device.Forget("u1");
        Assert.Null(device.Detach("u1", Happened.Monday).Parcel);
    }

    [Fact]
    public void A_parcel_that_comes_after_later_events_is_taken_over_all_the_same()
    {
        var (device, login) = (Replica("a1"), Replica("u1"));
        device.Fold(View("a1", 1), 5);
        var detached = device.Detach("u1", Happened.Monday);

        Assert.True(login.FoldGuest("a1", View("a1", 2), 8).Applied);
        Assert.False(login.FoldGuest("a1", View("a1", 2), 8).Applied);
        login.Attach("a1", detached);

        Assert.Equal(2, login.Folded.Total("view"));
        Assert.Equal(8, login.GuestPosition("a1"));
    }

    [Fact]
    public void A_device_that_went_on_keeps_the_parcel_for_whom_it_was_first()
    {
        var (device, mum) = (Replica("a1"), Replica("mum"));
        device.Fold(View("a1", 1), 5);
        device.Detach("mum", Happened.Monday);
        device.Fold(View("a1", 2), 6);

        var dads = device.Detach("dad", Happened.Monday + 1);
        var mums = device.Detach("mum", Happened.Monday);
        mum.Attach("a1", mums);

        Assert.Equal((true, false, "mum"), (dads.IsOwner, dads.HasHistory, dads.Previous));
        Assert.Null(dads.Parcel);
        Assert.Equal((false, 1L, 0), (mums.IsOwner, mum.Folded.Total("view"), mum.Folded.Devices.Length));
        Assert.Equal((null, "mum", "dad"), (device.OwnerAt(5), device.OwnerAt(6), device.OwnerAt(7)));
    }

    [Fact]
    public void All_of_it_is_there_after_it_was_stored()
    {
        var (device, login) = (Replica("a1"), Replica("u1"));
        device.Fold(View("a1", 1), 5);
        var detached = device.Detach("u1", Happened.Monday);
        login.Attach("a1", detached);
        login.FoldGuest("a1", View("a1", 2), 8);

        (device, login) = (Stored(device), Stored(login));

        Assert.True(device.KeepsFor("u1"));
        Assert.Equal(("u1", "u1"), (device.Folded.Owner, device.OwnerAt(6)));
        login.Attach("a1", detached);
        Assert.False(login.FoldGuest("a1", View("a1", 2), 8).Applied);
        Assert.Equal((2L, true), (login.Folded.Total("view"), login.Folded.HasHistoryOf("a1")));
    }

    [Fact]
    public void What_is_handed_over_is_seen_at_the_login_until_the_log_brings_it()
    {
        var (device, login) = (Replica("a1"), Replica("u1"));
        device.Fold(View("a1", 1), 5);
        login.Attach("a1", device.Detach("u1", Happened.Monday));

        Assert.Equal("u1", device.HandOver(View("a1", 2), 8));
        login.HandOverGuest("a1", View("a1", 2), 8);
        Assert.Equal((8L, 5L), (device.View.Version, device.Folded.Version));
        Assert.Equal((2L, 1L), (login.View.Total("view"), login.Folded.Total("view")));

        login.FoldGuest("a1", View("a1", 2), 8);
        login.HandOverGuest("a1", View("a1", 2), 8);
        Assert.Same(login.Folded, login.View);
        Assert.Equal(2, login.Folded.Total("view"));
    }

    private static ProfileReplica Replica(string id) => new(new UserProfile(id), Words);

    private static ProfileReplica Stored(ProfileReplica replica)
    {
        var bytes = new ArrayBufferWriter<byte>();
        replica.Write(bytes);
        return ProfileReplica.Read(replica.Folded.Id, bytes.WrittenSpan, Words);
    }

    private static Event View(string device, int minute) =>
        Happened.Event(EventTypes.View, Happened.Monday + (minute * 60_000), $"item{minute}", message: $"{device}-{minute}", person: device);
}
