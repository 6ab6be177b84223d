using Personalization.Core.Features;

namespace Personalization.Core.Tests.Features;

public sealed class FeaturePatternTests
{
    private static readonly FeatureParameter Type = new("type", "");
    private static readonly FeatureParameter Window = new("window", "") { Choices = ["1h", "1d"] };

    [Theory]
    [InlineData("events.view.1h", "view|1h")]
    [InlineData("events.video.play.1d", "video.play|1d")]
    [InlineData("events.1h.1d", "1h|1d")]
    [InlineData("events.view.2h", null)]
    [InlineData("events.1h", null)]
    [InlineData("events..1h", null)]
    [InlineData("event.view.1h", null)]
    [InlineData("events.view.1h.", null)]
    public void A_name_gives_its_arguments_and_a_type_may_hold_dots(string name, string? arguments)
    {
        var pattern = new FeaturePattern("events.<type>.<window>", [Type, Window]);

        var found = pattern.Match(name);

        Assert.Equal(arguments, found is null ? null : string.Join('|', found));
        Assert.Equal(found is null ? null : name, found is null ? null : pattern.Format(found));
    }

    [Fact]
    public void A_word_between_two_free_parameters_divides_them()
    {
        var pattern = new FeaturePattern("rate.<type>.per.<type>.<window>", [Type, Type, Window]);

        Assert.Equal(["add.to.cart", "view", "1d"], pattern.Match("rate.add.to.cart.per.view.1d")!);
        Assert.Null(pattern.Match("rate.add.to.cart.view.1d"));
    }

    [Fact]
    public void A_pattern_and_its_parameters_must_agree()
    {
        Assert.Throws<ArgumentException>(() => new FeaturePattern("events.<type>", []));
        Assert.Throws<ArgumentException>(() => new FeaturePattern("events.<window>", [Type]));
        Assert.Throws<ArgumentException>(() => new FeaturePattern("events", [Type]));
    }
}
