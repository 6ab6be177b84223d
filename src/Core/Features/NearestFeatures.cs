using Personalization.Core.Conditions;

namespace Personalization.Core.Features;

/// <summary>Tells whoever wrote the name of a feature that does not exist which ones they may have meant.</summary>
internal static class NearestFeatures
{
    private const int MostNamed = 3;

    /// <summary>Says that there is no such feature, and which names are nearest.</summary>
    public static string Explain(string name, FeatureRegistry registry)
    {
        var nearest = registry.Families
            .Select(family => family.Pattern.Nearest(name, (parameter, written) => Choose(parameter, written, registry)))
            .OfType<string>()
            .Where(candidate => candidate != name)
            .Distinct()
            .Select(candidate => (Name: candidate, Distance: NearestName.Distance(name, candidate)))
            .OrderBy(candidate => candidate.Distance)
            .Take(MostNamed)
            .ToArray();

        // The nearest is always told; others only where they are nearly as near.
        var told = nearest.Where(candidate => candidate.Distance <= nearest[0].Distance + 1).Select(candidate => $"\"{candidate.Name}\"");
        return $"There is no feature \"{name}\". The nearest: {string.Join(", ", told)}. GET /v1/features lists all.";
    }

    private static string? Choose(FeatureParameter parameter, string written, FeatureRegistry registry)
    {
        var known = parameter.Choices ?? [.. parameter.Configured?.Invoke(registry) ?? []];
        if (known.Count > 0)
        {
            return NearestName.Of(written, known);
        }

        return parameter.Configured is not null ? null : written.Length > 0 ? written : $"<{parameter.Name}>";
    }
}
