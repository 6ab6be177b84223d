using Personalization.Cli.Events;

namespace Personalization.Cli.Evaluate;

/// <summary>The clicks of one person, in order of time.</summary>
internal sealed record Session(string Person, IReadOnlyList<Event> Clicks)
{
    public DateTimeOffset? Start => Clicks[0].Timestamp;
}
