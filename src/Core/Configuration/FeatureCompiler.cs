using Personalization.Core.Features;

namespace Personalization.Core.Configuration;

/// <summary>Reads the declared features and the settings, and checks that what features are made of exists.</summary>
internal sealed class FeatureCompiler
{
    /// <summary>The most features that events contribute to: each costs every event of its type, and every profile.</summary>
    public const int MostAccumulated = 32;

    /// <summary>The most declared features in all.</summary>
    public const int MostDeclared = 500;

    private readonly List<(CustomFeature Feature, string Path)> _declared = [];
    private readonly ICollection<Problem> _problems;

    public FeatureCompiler(ConfigurationSet set, ICollection<Problem> problems)
    {
        _problems = problems;
        var reader = new FeatureReader(problems);
        foreach (var document in set.Of(ConfigurationKind.Feature))
        {
            var path = $"features.{document.Id}";
            if (reader.Read(document.Id, document.Body, path) is { } feature)
            {
                _declared.Add((feature, path));
            }
        }

        if (_declared.Count > MostDeclared)
        {
            problems.Add(new Problem("features", "too_many", $"At most {MostDeclared} features are declared."));
        }

        if (_declared.Count(entry => entry.Feature.Rule is not null) > MostAccumulated)
        {
            problems.Add(new Problem("features", "too_many", $"At most {MostAccumulated} features accumulate what events contribute."));
        }

        Families = [.. _declared.Select(entry => CustomFeatures.FamilyOf(entry.Feature))];
        Rules = new ContributionRules(_declared.Select(entry => entry.Feature.Rule).OfType<ContributionRule>());
        Settings = SettingsReader.Read(set, problems);
    }

    /// <summary>Gets the families of the declared features.</summary>
    public IReadOnlyList<FeatureFamily> Families { get; }

    /// <summary>Gets what events contribute.</summary>
    public ContributionRules Rules { get; }

    /// <summary>Gets the settings.</summary>
    public ShopSettings Settings { get; }

    /// <summary>Refuses features that are made of what there is not, each with its path.</summary>
    public void Check(FeatureRegistry features)
    {
        foreach (var (feature, path) in _declared)
        {
            if (features.Find(CustomFeature.Prefix + feature.Id, out _) is not null)
            {
                continue;
            }

            for (var i = 0; i < feature.Derivation!.Of.Count; i++)
            {
                if (features.Find(feature.Derivation.Of[i], out var problem) is null)
                {
                    _problems.Add(new Problem($"{path}.of[{i}]", "unknown_feature", problem!));
                }
            }
        }
    }
}
