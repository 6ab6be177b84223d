using Personalization.Core.Conditions;
using Personalization.Core.Decisions;

namespace Personalization.Core.Features;

/// <summary>Makes one value of the values of other features.</summary>
/// <param name="Of">The names of the features.</param>
/// <param name="Make">Makes it; what is no finite number is the default's to replace.</param>
public sealed record Derivation(IReadOnlyList<string> Of, DerivationFormula Make)
{
    /// <summary>Makes the reader, or says which feature there is none of.</summary>
    internal AttributeReader<DecisionContext>? Bind(FeatureBinding binding, FeatureType type, AttributeValue standard)
    {
        var inputs = new Feature[Of.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (binding.Registry.Find(Of[i], out var problem) is not { } feature)
            {
                binding.Problem = problem;
                return null;
            }

            inputs[i] = feature;
            binding.Purposes |= feature.Purposes;
        }

        return context => Read(context, inputs, type, standard);
    }

    private AttributeValue Read(DecisionContext context, Feature[] inputs, FeatureType type, AttributeValue standard)
    {
        Span<double> values = stackalloc double[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            var value = inputs[i].Read(context);
            switch (value.Kind)
            {
                case AttributeKind.Number:
                    values[i] = value.Number;
                    break;
                case AttributeKind.Boolean:
                    values[i] = value.Boolean ? 1 : 0;
                    break;
                default:
                    return standard;
            }
        }

        var made = Make(values);
        return !double.IsFinite(made) ? standard
            : type == FeatureType.Boolean ? AttributeValue.From(made != 0)
            : AttributeValue.From(made);
    }
}

/// <summary>Makes one number of several.</summary>
/// <param name="values">The numbers, in the order of the features.</param>
public delegate double DerivationFormula(ReadOnlySpan<double> values);
