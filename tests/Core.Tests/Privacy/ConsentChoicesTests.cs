using FsCheck;
using FsCheck.Fluent;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;

namespace Personalization.Core.Tests.Privacy;

public sealed class ConsentChoicesTests
{
    private const long Noon = 1_777_896_000_000;

    [Fact]
    public void Somebody_who_never_chose_is_unknown_everywhere_and_takes_one_byte()
    {
        var nobody = default(ConsentChoices);

        Assert.All(PurposeNames.All, purpose => Assert.Equal(ConsentChoice.None, nobody[purpose]));
        Assert.Equal((Purposes.None, Purposes.None), (nobody.Granted, nobody.Denied));
        Assert.Equal([0], nobody.ToBytes());
    }

    [Fact]
    public void A_choice_holds_from_then_on_with_its_time_and_its_source()
    {
        var choices = default(ConsentChoices).With(
            new Consent(Purposes.Analytics, Purposes.Training) { Source = ConsentSource.Api }, Noon, out var changed);

        Assert.Equal(new ConsentChoice(ConsentState.Denied, Noon, ConsentSource.Api), choices[Purposes.Training]);
        Assert.Equal(new ConsentChoice(ConsentState.Granted, Noon, ConsentSource.Api), choices[Purposes.Analytics]);
        Assert.Equal(ConsentChoice.None, choices[Purposes.Advertising]);
        Assert.Equal(Purposes.Analytics | Purposes.Training, changed);
    }

    [Fact]
    public void An_older_choice_never_overrides_a_newer_one_however_strict()
    {
        var choices = default(ConsentChoices).With(new Consent(Purposes.Training, default), Noon, out _);

        choices = choices.With(new Consent(default, Purposes.Training), Noon - 1, out var changed);

        Assert.Equal((ConsentState.Granted, Purposes.None), (choices[Purposes.Training].State, changed));
    }

    [Fact]
    public void Said_again_later_it_is_no_change_but_what_was_said_in_between_comes_too_late()
    {
        var denial = new Consent(default, Purposes.Training);
        var choices = default(ConsentChoices).With(denial, Noon, out _).With(denial, Noon + 10, out var changed);

        choices = choices.With(new Consent(Purposes.Training, default), Noon + 5, out _);

        Assert.Equal(Purposes.None, changed);
        Assert.Equal(new ConsentChoice(ConsentState.Denied, Noon + 10, ConsentSource.Event), choices[Purposes.Training]);
    }

    [Fact]
    public void A_choice_that_is_taken_back_is_unknown_again()
    {
        var choices = default(ConsentChoices).With(new Consent(default, Purposes.Training), Noon, out _);

        choices = choices.With(new Consent { Withdrawn = Purposes.Training }, Noon + 1, out var changed);

        Assert.Equal((ConsentState.Unknown, Purposes.Training), (choices[Purposes.Training].State, changed));
        Assert.False(choices.Denies(Purposes.Training));
    }

    [Theory]
    [InlineData(ConsentState.Denied, ConsentState.Granted, ConsentState.Denied)]
    [InlineData(ConsentState.Denied, ConsentState.Unknown, ConsentState.Denied)]
    [InlineData(ConsentState.Unknown, ConsentState.Granted, ConsentState.Unknown)]
    public void Of_two_people_who_are_one_the_stricter_choice_holds_whichever_is_later(ConsentState one, ConsentState other, ConsentState holds)
    {
        foreach (var (first, second) in ((long, long)[])[(1, 2), (2, 1), (1, 1)])
        {
            var left = Choice(one, Noon + first);
            var right = Choice(other, Noon + second);

            Assert.Equal(holds, left.Merge(right)[Purposes.Training].State);
            Assert.Equal(holds, right.Merge(left)[Purposes.Training].State);
        }
    }

    [Fact]
    public void Who_never_chose_takes_over_what_the_other_chose()
    {
        var granted = Choice(ConsentState.Granted, Noon);

        Assert.Equal(granted.ToBytes(), granted.Merge(default).ToBytes());
        Assert.Equal(granted.ToBytes(), default(ConsentChoices).Merge(granted).ToBytes());
    }

    [Fact]
    public void Merging_is_associative_commutative_and_idempotent() =>
        Prop.ForAll(Arb(), Arb(), Arb(), (a, b, c) =>
            Same(a.Merge(b), b.Merge(a)) && Same(a.Merge(b).Merge(c), a.Merge(b.Merge(c))) && Same(a.Merge(a), a)).QuickCheckThrowOnFailure();

    [Fact]
    public void In_whatever_order_choices_of_one_person_arrive_the_same_holds() =>
        Prop.ForAll(Arb(), Arb(), Arb(), (a, b, c) =>
            Same(a.Or(b), b.Or(a)) && Same(a.Or(b).Or(c), a.Or(b.Or(c))) && Same(a.Or(a), a)).QuickCheckThrowOnFailure();

    [Fact]
    public void Written_and_read_it_is_the_same() =>
        Prop.ForAll(Arb(), choices => Same(choices, ConsentChoices.Read(choices.ToBytes()))).QuickCheckThrowOnFailure();

    private static ConsentChoices Choice(ConsentState state, long at) => default(ConsentChoices).With(Said(Purposes.Training, state), at, out _);

    private static Consent Said(Purposes purpose, ConsentState state) => state switch
    {
        ConsentState.Granted => new Consent(purpose, default),
        ConsentState.Denied => new Consent(default, purpose),
        _ => new Consent { Withdrawn = purpose },
    };

    private static bool Same(ConsentChoices left, ConsentChoices right) => left.ToBytes().AsSpan().SequenceEqual(right.ToBytes());

    // Few times, so that many choices are made at the same one.
    private static Arbitrary<ConsentChoices> Arb() =>
        (from sayings in (from purpose in Gen.Elements(PurposeNames.All.ToArray())
                          from state in Gen.Elements(ConsentState.Granted, ConsentState.Unknown, ConsentState.Denied)
                          from at in Gen.Choose(1, 4)
                          from source in Gen.Elements(ConsentSource.Event, ConsentSource.Api)
                          select (Said(purpose, state) with { Source = source }, at)).ListOf()
         select sayings.Aggregate(default(ConsentChoices), (choices, said) => choices.With(said.Item1, said.at, out _))).ToArbitrary();
}
