using Personalization.Core.Features;
using Personalization.Core.Privacy;

namespace Personalization.Core.Tests.Features;

public sealed class FeaturesPageTests
{
    [Fact]
    public void The_page_of_features_has_each_that_is_built_in_as_the_registry_describes_it()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "features.md"));
        var missing = StandardFeatures.All.Select(Row).Where(row => !page.Contains(row, StringComparison.Ordinal)).ToArray();

        Assert.True(missing.Length == 0, $"docs/features.md lacks these rows:\n{string.Join('\n', missing)}");
        Assert.Equal(StandardFeatures.All.Count, page.Split('\n').Count(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Split(" | ").Length == 5));
    }

    private static string Row(FeatureFamily family)
    {
        var purpose = family.Purposes == Purposes.None ? "none" : family.Purposes.ToString().ToLowerInvariant();
        var standard = family.Default.IsNothing ? "missing" : family.Default.ToString() is { Length: > 0 } text ? text : "none of them";
        return $"| `{family.Pattern}` | {family.Type.ToString().ToLowerInvariant()}{(family.Unit.Length > 0 ? $", {family.Unit}" : "")} | {standard} | {purpose} | {family.Description} |";
    }
}
