using Personalization.Core.Conditions;
using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Core.Features;

/// <summary>Which events contribute what to a declared feature.</summary>
/// <param name="Feature">The feature's id.</param>
/// <param name="EventType">The type of the events.</param>
/// <param name="How">How contributions are put together.</param>
/// <param name="Window">A place in <see cref="Profiles.Window.All"/>; their number for all time.</param>
/// <param name="Property">Reads what an event contributes; null for a count.</param>
/// <param name="Where">What must hold of an event's properties; null for nothing.</param>
/// <param name="Purposes">What the person must not have denied.</param>
public sealed record ContributionRule(
    string Feature,
    string EventType,
    Accumulation How,
    byte Window,
    AttributeReader<Event>? Property,
    Condition<Event>? Where,
    Purposes Purposes)
{
    // A word is part of the profile as long as the event is remembered, so it is one and no story.
    private const int MostCharacters = 128;

    /// <summary>Gives what an event contributes; null where that is nothing.</summary>
    public Contribution? Of(Event source)
    {
        if (!source.Consent.Allows(Purposes) || (Where is not null && !Where.Matches(source)))
        {
            return null;
        }

        if (Property is null)
        {
            return new Contribution(Feature, How, Window, (long)Contribution.Scale, null);
        }

        var value = Property(source);
        return value.Kind switch
        {
            AttributeKind.Number when !double.IsNaN(value.Number) =>
                new Contribution(Feature, How, Window, Contribution.AmountOf(value.Number), null),
            AttributeKind.Text when How is Accumulation.Last or Accumulation.Distinct && value.Text.Length is > 0 and <= MostCharacters =>
                new Contribution(Feature, How, Window, 0, value.Text),
            AttributeKind.Boolean when How is Accumulation.Last or Accumulation.Distinct =>
                new Contribution(Feature, How, Window, 0, value.Boolean ? "true" : "false"),
            _ => null,
        };
    }
}
