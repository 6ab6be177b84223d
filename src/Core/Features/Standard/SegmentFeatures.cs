using Personalization.Core.Conditions;
using Personalization.Core.Decisions;

namespace Personalization.Core.Features;

/// <summary>Whether a person is in a segment.</summary>
internal static class SegmentFeatures
{
    private static readonly FeatureParameter Segment = new("segment", "the id of a segment")
    {
        Met = (_, registry) => registry.SegmentIds,
        Configured = registry => registry.SegmentIds,
    };

    public static readonly IReadOnlyList<FeatureFamily> Families =
    [
        new("segments.<segment>", [Segment], FeatureType.Boolean, "Whether the person is in a segment.", Member)
        {
            Default = AttributeValue.From(false),
        },
    ];

    private static AttributeReader<DecisionContext>? Member(FeatureBinding binding)
    {
        if (binding.Registry.Segment(binding[0], out var problem) is not { } condition)
        {
            binding.Problem = binding.Registry.SegmentIds.Contains(binding[0]) ? problem : null;
            return null;
        }

        // Somebody who denied what the condition looks at is in no such segment: it was never asked.
        binding.Purposes = binding.Registry.PurposesOf(condition);
        return context => AttributeValue.From(condition.Matches(context));
    }
}
