using System.Text.Json;
using Personalization.Core;
using Personalization.Core.Configuration;
using Personalization.Core.Events;

namespace Personalization.Node.Demo;

/// <summary>A small shop for a first look: a configuration, and the visits of some people, so that recommendations have something to go by.</summary>
internal static class DemoShop
{
    private const int People = 400;
    private const int Seed = 20;

    /// <summary>Sets the shop up on a node that has seen nothing yet; leaves any other alone.</summary>
    public static async Task SetUpAsync(IPersonalizer personalizer, TimeProvider time, CancellationToken cancellation)
    {
        if (personalizer.Statistics.Events > 0 || personalizer.Configuration.Set.Documents.Any())
        {
            return;
        }

        var problems = new List<Problem>();
        var change = ChangeReader.Read(await ReadConfigurationAsync(cancellation), problems);
        var outcome = await personalizer.ChangeAsync(change, cancellation);
        if (problems.Count > 0 || outcome.Status != ChangeStatus.Applied)
        {
            throw new InvalidDataException($"The demo does not compile: {string.Join(" ", problems.Concat(outcome.Problems))}");
        }

        foreach (var visits in Visits(change, time.GetUtcNow()).Chunk(EventLimits.BatchEvents))
        {
            await personalizer.IngestAsync(visits, cancellation);
        }
    }

    private static async Task<JsonElement> ReadConfigurationAsync(CancellationToken cancellation)
    {
        await using var stream = typeof(DemoShop).Assembly.GetManifestResourceStream("demo.json")!;
        using var document = await JsonDocument.ParseAsync(stream, cancellationToken: cancellation);
        return document.RootElement.Clone();
    }

    /// <summary>People mostly stay in one category and mostly go on to the next item of it, so that paths can be learned.</summary>
    private static IEnumerable<Event> Visits(ConfigurationChange change, DateTimeOffset now)
    {
        var random = new Random(Seed);
        var shelves = change.PutItems.GroupBy(item => item.Category).Select(shelf => shelf.ToArray()).ToArray();
        for (var person = 0; person < People; person++)
        {
            var shelf = shelves[random.Next(shelves.Length)];
            var at = now - TimeSpan.FromMinutes(random.Next(60, 7 * 24 * 60));
            var place = Math.Min(random.Next(shelf.Length), random.Next(shelf.Length));
            for (var step = 0; step < 6; step++)
            {
                var item = shelf[place];
                yield return Visit(EventTypes.View, item.Id, $"demo-visitor-{person}", $"demo-{person}-{step}", at, item.Price);
                if (random.NextDouble() < 0.1)
                {
                    yield return Visit(EventTypes.AddToCart, item.Id, $"demo-visitor-{person}", $"demo-{person}-{step}-cart", at, item.Price);
                }

                at += TimeSpan.FromSeconds(random.Next(5, 90));
                shelf = random.NextDouble() < 0.1 ? shelves[random.Next(shelves.Length)] : shelf;
                place = random.NextDouble() < 0.7 ? (place + 1) % shelf.Length : random.Next(shelf.Length);
            }
        }
    }

    private static Event Visit(string type, string item, string person, string messageId, DateTimeOffset at, double? price) => new()
    {
        MessageId = messageId,
        Type = type,
        Timestamp = at.ToUnixTimeMilliseconds(),
        ReceivedAt = at.ToUnixTimeMilliseconds(),
        AnonymousId = person,
        ItemId = item,
        Price = price ?? double.NaN,
    };
}
