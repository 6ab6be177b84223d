using System.Globalization;
using System.Text.Json;
using Personalization.Core;
using Personalization.Core.Configuration;
using Personalization.Core.Segments;

namespace Personalization.Bench.Workload;

/// <summary>Segments as shops have them: of what people did, when, how often, and of what draws them.</summary>
internal static class Audience
{
    // {0} is a small number that makes the twentieth of the same kind another one.
    private static readonly string[] Kinds =
    [
        """{"events.view.1h":{"$gte":{0}}}""",
        """{"events.view.30d":{"$gte":{0},"$lt":40}}""",
        """{"events.view.5m":{"$gte":{0}},"events.add_to_cart.1h":0}""",
        """{"events.click.1d":{"$gte":{0}}}""",
        """{"events.click.30d":{"$gt":{0}},"events.purchase.30d":0}""",
        """{"events.add_to_cart.30d":{"$gte":{0}},"events.purchase.30d":{"$lt":1}}""",
        """{"events.add_to_cart.1h":{"$gte":{0}}}""",
        """{"events.purchase.total":{"$gte":{0}}}""",
        """{"events.purchase.30d":{"$gte":{0}}}""",
        """{"$and":[{"events.purchase.total":{"$gte":{0}}},{"events.purchase.30d":0}]}""",
        """{"events.search.1d":{"$gte":{0}}}""",
        """{"events.search.1h":{"$gte":{0}},"events.view.1h":{"$lt":3}}""",
        """{"$or":[{"events.search.30d":{"$gte":{0}}},{"events.view.30d":{"$gte":50}}]}""",
        """{"events.reward.30d":{"$gte":{0}}}""",
        """{"events.impression.1d":{"$gte":{0}},"events.click.1d":0}""",
        """{"affinity.category.category-{0}":{"$gte":0.3}}""",
        """{"affinity.brand.brand-{0}":{"$gte":0.2}}""",
        """{"session.events":{"$gte":{0}}}""",
        """{"profile.sessions":{"$gte":{0}},"events.purchase.total":0}""",
        """{"profile.ageDays":{"$gte":{0}}}""",
    ];

    /// <summary>Makes so many of them.</summary>
    public static ActiveSegments Of(int segments, Vocabulary words)
    {
        var change = new ConfigurationChange
        {
            Put = [.. Enumerable.Range(0, segments).Select(i => (ConfigurationKind.Segment, $"segment-{i}", Body(i)))],
        };
        var outcome = ConfigurationState.Empty.Apply(change, words, out var state);
        return outcome.Status == ChangeStatus.Applied
            ? new ActiveSegments(state.Plan.Definitions.Select((definition, i) => new ActiveSegment(i + 1, definition)))
            : throw new InvalidOperationException($"The segments do not compile: {string.Join(" ", outcome.Problems)}");
    }

    private static JsonElement Body(int i)
    {
        var number = (1 + (i / Kinds.Length)).ToString(CultureInfo.InvariantCulture);
        return JsonElement.Parse($$"""{"condition":{{Kinds[i % Kinds.Length].Replace("{0}", number, StringComparison.Ordinal)}}}""");
    }
}
