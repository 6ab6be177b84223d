using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
using Personalization.Core.Recommend;
using Personalization.Core.Tests.Events;
using Personalization.Core.Tests.Profiles;

namespace Personalization.Core.Tests.Privacy;

public sealed class ConsentFoldTests
{
    private const long Now = Happened.Monday;

    private readonly Folding _folding = new();

    [Fact]
    public void A_choice_is_kept_with_the_profile_and_is_no_activity()
    {
        _folding.Fold("view", Now, "A", "shoes");
        var outcome = Choose(Now + 1000, denied: Purposes.Training);
        _folding.WriteAndRead();

        Assert.Equal(Purposes.Training, outcome.ConsentChanged);
        Assert.Equal(new ConsentChoice(ConsentState.Denied, Now + 1000, ConsentSource.Event), _folding.Profile.Consent[Purposes.Training]);
        Assert.Equal((0, 1, 1), (_folding.Profile.Total("consent"), _folding.Profile.Total("view"), _folding.Profile.SessionAt(Now + 1000)!.Value.Events));
    }

    [Fact]
    public void Denying_personalization_removes_all_that_was_kept_for_it_byte_for_byte()
    {
        _folding.Fold("view", Now - 86_400_000, "A", "shoes", "acme");
        foreach (var type in (string[])["view", "click", "search", "add_to_cart", "purchase", "impression", "reward", "wishlist"])
        {
            _folding.Fold(new Event
            {
                MessageId = type,
                Type = type,
                Timestamp = Now,
                ReceivedAt = Now,
                AnonymousId = "ann",
                ItemId = "A",
                Price = 12.5,
                Quantity = 2,
                Value = 3,
            });
        }

        Choose(Now + 6000, denied: Purposes.Personalization);

        var never = new Folding();
        never.Fold(Choice(Now + 6000, default, Purposes.Personalization));

        Assert.Equal(never.State(), _folding.State());
        Assert.Equal(10, _folding.Profile.Version);
    }

    [Fact]
    public void What_passed_the_door_before_a_denial_and_lies_behind_it_in_the_log_is_not_folded()
    {
        Choose(Now, denied: Purposes.Personalization);
        var before = _folding.State();

        Assert.False(_folding.Fold("purchase", Now + 1, "A").Applied);
        Assert.Equal(before, _folding.State());
        Assert.Equal(2, _folding.Profile.Version);
    }

    [Fact]
    public void Denying_another_purpose_removes_nothing_of_the_person_but_they_teach_nobody()
    {
        _folding.Fold("view", Now, "A");
        Choose(Now + 1, denied: PurposeNames.Every & ~Purposes.Personalization);

        var view = Happened.Event("view", Now + 2, "B");
        var outcome = _folding.Fold(view);
        var learned = new LearningDelta();
        learned.Learn(view, outcome);

        Assert.Equal(["B", "A"], _folding.Recent());
        Assert.True(outcome.Applied);
        Assert.True(learned.IsEmpty);
    }

    [Fact]
    public void Once_it_is_granted_again_a_new_profile_begins()
    {
        _folding.Fold("view", Now, "A");
        Choose(Now + 1, denied: Purposes.Personalization);
        Choose(Now + 2, granted: Purposes.Personalization);
        _folding.Fold("view", Now + 3, "B");

        Assert.Equal(["B"], _folding.Recent());
        Assert.Equal((1, 1), (_folding.Profile.Sessions, _folding.Profile.Total("view")));
    }

    [Fact]
    public void A_profile_of_version_1_is_read_and_nobody_in_it_has_chosen()
    {
        _folding.Fold("view", Now, "A");
        var old = _folding.Bytes();

        // The sections of version 2 lie behind what version 1 wrote, which ends before them.
        old[0] = 1;
        var read = UserProfile.Read("ann", old, _folding.Words);

        Assert.True(read.Consent.IsEmpty);
        Assert.Equal((1, 1), (read.Total("view"), read.RecentItems.Length));
    }

    private FoldOutcome Choose(long at, Purposes granted = default, Purposes denied = default) => _folding.Fold(Choice(at, granted, denied));

    private static Event Choice(long at, Purposes granted, Purposes denied) =>
        Happened.Event(EventTypes.Consent, at, consent: new Consent(granted, denied));
}
