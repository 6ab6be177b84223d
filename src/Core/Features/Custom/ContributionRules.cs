using System.Collections.Frozen;
using Personalization.Core.Events;

namespace Personalization.Core.Features;

/// <summary>All rules by which events contribute to declared features. Immutable; part of a plan.</summary>
public sealed class ContributionRules
{
    /// <summary>The rules of a configuration that declares no such feature.</summary>
    public static readonly ContributionRules None = new([]);

    private readonly FrozenDictionary<string, ContributionRule[]> _byType;

    /// <summary>Orders the rules by the type of the events.</summary>
    public ContributionRules(IEnumerable<ContributionRule> rules) =>
        _byType = rules.GroupBy(rule => rule.EventType).ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    /// <summary>States on an event what it contributes.</summary>
    public void Stamp(Event source)
    {
        if (!_byType.TryGetValue(source.Type, out var rules))
        {
            return;
        }

        List<Contribution>? made = null;
        foreach (var rule in rules)
        {
            if (rule.Of(source) is { } contribution)
            {
                (made ??= []).Add(contribution);
            }
        }

        if (made is not null)
        {
            source.Contribute(made);
        }
    }
}
