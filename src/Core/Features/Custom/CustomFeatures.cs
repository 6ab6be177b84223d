using Personalization.Core.Conditions;
using Personalization.Core.Decisions;

namespace Personalization.Core.Features;

/// <summary>Makes families of declared features.</summary>
internal static class CustomFeatures
{
    public static FeatureFamily FamilyOf(CustomFeature declared)
    {
        // Only compiling a configuration makes readers of features that are made of others, and it does so on one thread.
        var isUnderWay = false;
        return new FeatureFamily(CustomFeature.Prefix + declared.Id, [], declared.Type, declared.Description, Bind)
        {
            Unit = declared.Unit,
            Purposes = declared.Purposes,
            Default = declared.Default,
        };

        AttributeReader<DecisionContext>? Bind(FeatureBinding binding)
        {
            if (declared.Rule is { } rule)
            {
                return context =>
                {
                    var value = context.Profile.Accumulators.ValueAt(rule.Feature, rule.How, rule.Window, context.Now);
                    return value.IsNothing ? declared.Default : value;
                };
            }

            if (isUnderWay)
            {
                binding.Problem = $"The feature {CustomFeature.Prefix}{declared.Id} is made of itself, in a circle.";
                return null;
            }

            isUnderWay = true;
            try
            {
                return declared.Derivation!.Bind(binding, declared.Type, declared.Default);
            }
            finally
            {
                isUnderWay = false;
            }
        }
    }
}
