using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Profiles;

namespace Personalization.Core.Features;

/// <summary>How many different things a person took interest in.</summary>
internal static class DistinctFeatures
{
    public static readonly IReadOnlyList<FeatureFamily> Families =
    [
        new(
            "distinct.items.<window>",
            [FeatureParameters.Window],
            FeatureType.Number,
            "How many different items the person took interest in; at most 20, the items that a profile remembers.",
            binding =>
            {
                var seconds = Window.All[binding.Window(0)].Seconds;
                return context => AttributeValue.From((double)Items(context, seconds));
            })
        {
            Unit = "items",
            Default = AttributeValue.From(0),
        },
        Names("distinct.categories.<window>", "categories", context => context.Profile.Categories),
        Names("distinct.brands.<window>", "brands", context => context.Profile.Brands),
    ];

    private static FeatureFamily Names(string pattern, string unit, Func<DecisionContext, AffinitySet> read) => new(
        pattern,
        [FeatureParameters.Window],
        FeatureType.Number,
        $"How many different {unit} the person took interest in; at most {AffinitySet.Capacity}, the strongest that a profile remembers.",
        binding =>
        {
            var seconds = Window.All[binding.Window(0)].Seconds;
            return context =>
            {
                var count = 0;
                foreach (var entry in read(context).Entries)
                {
                    count += IsWithin(entry.At, seconds, context) ? 1 : 0;
                }

                return AttributeValue.From((double)count);
            };
        })
    {
        Unit = unit,
        Default = AttributeValue.From(0),
    };

    private static int Items(DecisionContext context, int seconds)
    {
        var count = 0;
        foreach (var item in context.Profile.RecentItems)
        {
            count += IsWithin(item.At, seconds, context) ? 1 : 0;
        }

        return count;
    }

    private static bool IsWithin(uint at, int seconds, DecisionContext context) => at + (long)seconds > context.NowSeconds;
}
