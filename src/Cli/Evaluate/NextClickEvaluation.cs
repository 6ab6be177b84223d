using Personalization.Cli.Events;
using Personalization.Cli.Http;

namespace Personalization.Cli.Evaluate;

/// <summary>Asks the server, before every click of every test session, what it would recommend, and notes the rank of the click.</summary>
/// <param name="server">The server, which has learned the training sessions.</param>
/// <param name="contenders">What is measured.</param>
/// <param name="run">Makes the test people of this run different from those of any other.</param>
internal sealed class NextClickEvaluation(PersonalizationServer server, IReadOnlyList<Contender> contenders, string run)
{
    /// <summary>Configures the server for the evaluation.</summary>
    public async Task PrepareAsync(IReadOnlyCollection<Item> items, CancellationToken ct)
    {
        await Catalog.PutAsync(server, items, ct);
        foreach (var contender in contenders)
        {
            await server.PutAsync($"v1/experiences/{contender.Name}", EvaluateRequests.Experience(contender), ct);
            await server.PutAsync($"v1/placements/{contender.Name}", EvaluateRequests.Placement(contender), ct);
        }
    }

    /// <summary>Predicts all sessions, several at a time; within a session one click after the other.</summary>
    public Task PredictAsync(IEnumerable<Session> sessions, int concurrency, CancellationToken ct) => Parallel.ForEachAsync(
        sessions, new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = ct }, PredictAsync);

    private async ValueTask PredictAsync(Session session, CancellationToken ct)
    {
        var person = $"{run}-{session.Person}";
        for (var i = 1; i < session.Clicks.Count; i++)
        {
            var sent = await server.SendEventsAsync(EvaluateRequests.Click(person, i - 1, session.Clicks[i - 1]), ct);
            if (sent.Rejected is [var rejected, ..])
            {
                throw new UserError($"The server rejected a test click: {rejected.Detail ?? rejected.Code}");
            }

            var decided = await server.DecideAsync(EvaluateRequests.Decide(person, contenders), ct);
            foreach (var contender in contenders)
            {
                contender.Ranks.Add(RankTally.RankOf(session.Clicks[i].ItemId!, Ranking(decided, contender)));
            }
        }
    }

    // A placement that is not answered would count as a miss without anyone noticing; one with nothing to show is a miss.
    private static IEnumerable<string> Ranking(DecideAnswer decided, Contender contender) =>
        decided.Placements is { } placements && placements.TryGetValue(contender.Name, out var placement)
            ? (placement.Items ?? []).Select(item => item.Id)
            : throw new UserError($"The server's decision lacks the placement {contender.Name}.");
}
