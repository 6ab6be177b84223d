using System.Buffers;
using System.Text.Json;
using Personalization.Cli.Events;
using Personalization.Cli.Http;
using Personalization.Cli.Replay;

namespace Personalization.Cli.Simulate;

/// <summary>Lets the visitors walk through the shop now. A page may ask the server what to show, and the answer is reacted to.</summary>
internal sealed class LiveTraffic(
    PersonalizationServer server, ShopCatalog shop, Simulation simulation, Traffic traffic, Rejections rejections, TimeProvider time)
{
    private static readonly string[] PageNames = [.. Enum.GetNames<PageKind>().Select(name => name.ToLowerInvariant())];

    // Only the order of the visits matters, not how long they are apart: what is done is done now.
    private static readonly TimeSpan BetweenVisits = TimeSpan.FromHours(1);
    private readonly Pace _pace = new(simulation.Rate, time);
    private long _begun;

    /// <summary>Runs until there are enough events, the time is over, or it is cancelled; all three are ordinary ends.</summary>
    public async Task RunAsync(string run, CancellationToken ct)
    {
        using var over = simulation.Duration is { } duration ? new CancellationTokenSource(duration, time) : new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, over.Token);
        var workers = Math.Min(simulation.Concurrency, simulation.People);
        var start = time.GetUtcNow();
        try
        {
            await Parallel.ForAsync(
                0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = stop.Token },
                async (worker, token) => await WalkAsync(simulation.Crowd(shop, run, start, BetweenVisits, worker, workers), token));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    private async Task WalkAsync(Crowd crowd, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var walk = crowd.Take();
            var asks = walk.Page.Kind is PageKind.Home or PageKind.Product && walk.Chance(simulation.DecideShare);
            var goesOn = asks
                ? await SendAsync(walk.Arrive(), ct) && await SendAsync(walk.Act(await AskAsync(walk, ct)), ct)
                : await SendAsync([.. walk.Arrive(), .. walk.Act([])], ct);
            if (!goesOn)
            {
                return;
            }

            crowd.Return(walk);
        }
    }

    // Sends the events that are still wanted, so that it is exactly as many as asked for. Says whether that was all of them.
    private async Task<bool> SendAsync(IReadOnlyList<Event> made, CancellationToken ct)
    {
        var before = Interlocked.Add(ref _begun, made.Count) - made.Count;
        var events = made.Take((int)Math.Clamp((simulation.Events ?? long.MaxValue) - before, 0, made.Count)).ToList();
        if (events.Count == 0)
        {
            return made.Count == 0;
        }

        await _pace.WaitAsync(events.Count, ct);
        var now = time.GetUtcNow();
        var body = EventJson.SerializeBatch(events.Select(happened => happened with { Timestamp = now }));
        var answer = await server.SendEventsAsync(body, ct);
        foreach (var sent in events)
        {
            traffic.Add(sent);
        }

        foreach (var rejected in answer.Rejected ?? [])
        {
            rejections.Add(traffic.Events, rejected.Code, rejected.Detail);
        }

        return events.Count == made.Count;
    }

    private async Task<IReadOnlyList<Offer>> AskAsync(Walk walk, CancellationToken ct)
    {
        var decided = await server.DecideAsync(Request(walk), ct);
        traffic.AddDecision();
        return decided is not { DecisionId: { } decision, Placements: { } placements } ? [] :
        [
            .. placements
                .Where(placement => placement.Value.Experience is not null && IsOn(walk.Page.Kind, placement.Key))
                .OrderBy(placement => placement.Key, StringComparer.Ordinal)
                .Select(placement => new Offer(
                    decision, placement.Key, placement.Value.Experience!, [.. (placement.Value.Items ?? []).Select(item => item.Id)])),
        ];
    }

    // By custom a placement is named for its page, `product.recs`; one that isn't is taken to be on all pages.
    private static bool IsOn(PageKind page, string placement)
    {
        var prefix = placement.Split('.')[0];
        return !PageNames.Contains(prefix) || prefix == PageNames[(int)page];
    }

    private static byte[] Request(Walk walk)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("anonymousId", walk.AnonymousId);
            json.WriteStartObject("page");
            json.WriteString("url", walk.Page.Url);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
