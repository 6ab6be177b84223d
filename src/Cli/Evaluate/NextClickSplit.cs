using Personalization.Cli.Events;

namespace Personalization.Cli.Evaluate;

/// <summary>Sessions to learn from and sessions to predict, split at a point in time.</summary>
/// <param name="Training">Sessions that begin before the boundary and have at least two clicks.</param>
/// <param name="Test">
/// Later sessions. Clicks on items that no training session has are dropped, then sessions with fewer than two clicks.
/// </param>
/// <param name="TrainedItems">The items of the training sessions.</param>
internal sealed record NextClickSplit(IReadOnlyList<Session> Training, IReadOnlyList<Session> Test, IReadOnlySet<string> TrainedItems)
{
    /// <summary>Gets how many clicks are to be predicted: every one of a test session except its first.</summary>
    public int Predictions => Test.Sum(session => session.Clicks.Count - 1);

    /// <summary>Splits clicks, in any order; those without an item are ignored. Clicks of the same instant keep their order.</summary>
    public static NextClickSplit Of(IEnumerable<Event> clicks, DateTimeOffset boundary)
    {
        var sessions = clicks
            .Where(click => click.ItemId is not null)
            .GroupBy(click => click.Person, StringComparer.Ordinal)
            .Select(group => new Session(group.Key, [.. group.OrderBy(click => click.Timestamp)]))
            .Where(session => session.Clicks.Count >= 2)
            .ToLookup(session => session.Start < boundary);

        var training = sessions[true].ToList();
        var trained = training.SelectMany(session => session.Clicks).Select(click => click.ItemId!).ToHashSet(StringComparer.Ordinal);
        var test = sessions[false]
            .Select(session => session with { Clicks = [.. session.Clicks.Where(click => trained.Contains(click.ItemId!))] })
            .Where(session => session.Clicks.Count >= 2)
            .ToList();
        return new(training, test, trained);
    }
}
