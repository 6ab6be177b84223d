using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Profiles;

namespace Personalization.Core.Features;

/// <summary>Relations of counts, smoothed so that few events say little: rates and trends.</summary>
internal static class RateFeatures
{
    // Beta(1, 19): one success in twenty trials, a usual conversion of a shop, worth as much as twenty events of the person.
    private const double PriorSuccesses = 1;
    private const double PriorTrials = 20;

    // One event more in either window: somebody who did nothing, or the same all the time, has the trend 1.
    private const double TrendPrior = 1;

    // Nobody asks for all pairs of types, so a person's vector holds none.
    private static readonly FeatureParameter AnyType = new("type", "a type of events, also of your own");
    private static readonly FeatureParameter Short = new("short", "the shorter window") { Choices = ["5m", "1h", "1d"] };
    private static readonly FeatureParameter Long = new("long", "the longer window") { Choices = ["1h", "1d", "30d"] };

    public static readonly IReadOnlyList<FeatureFamily> Families =
    [
        new(
            "rate.<type>.per.<type>.<window>",
            [AnyType, AnyType, FeatureParameters.WindowOrTotal],
            FeatureType.Number,
            "How many events of the first type there are for each of the second, 0 to 1: the posterior mean (s + 1) / (n + 20) under a Beta(1, 19) "
            + "prior, where s is the count of the first, and n that of the second or s if that is more.",
            Rate)
        {
            Unit = "share",
            Default = AttributeValue.From(PriorSuccesses / PriorTrials),
        },
        new(
            "trend.<type>.<short>.<long>",
            [FeatureParameters.EventType, Short, Long],
            FeatureType.Number,
            "Whether events of a type become more frequent: (a + 1) / (e + 1), where a is the count in the short window and e what the long window "
            + "leads to expect there, its count times short ÷ long. 1 is steady, more is more.",
            Trend)
        {
            Unit = "ratio",
            Default = AttributeValue.From(1),
        },
    ];

    private static AttributeReader<DecisionContext> Rate(FeatureBinding binding)
    {
        var (successes, trials, window) = (binding[0], binding[1], binding.Window(2));
        return context =>
        {
            var s = Count(context, successes, window);
            var n = Math.Max(s, Count(context, trials, window));
            return AttributeValue.From((s + PriorSuccesses) / (n + PriorTrials));
        };
    }

    private static AttributeReader<DecisionContext>? Trend(FeatureBinding binding)
    {
        var (type, near, far) = (binding[0], binding.Window(1), binding.Window(2));
        if (near >= far)
        {
            binding.Problem = $"A trend compares a window with a longer one, and {binding[1]} is not shorter than {binding[2]}.";
            return null;
        }

        var share = (double)Window.All[near].Seconds / Window.All[far].Seconds;
        return context =>
        {
            var expected = context.Profile.Count(type, far, context.Now) * share;
            return AttributeValue.From((context.Profile.Count(type, near, context.Now) + TrendPrior) / (expected + TrendPrior));
        };
    }

    private static double Count(DecisionContext context, string type, int window) =>
        window < 0 ? context.Profile.Total(type) : context.Profile.Count(type, window, context.Now);
}
