using Personalization.Core.Catalog;
using Personalization.Core.Events;

namespace Personalization.Bench.Workload;

/// <summary>What people did: twelve events over three sessions each, with searches, a cart, and for every second person an exposure.</summary>
internal static class Visits
{
    public const int EventsEach = 12;

    private static readonly string[][] Sessions =
    [
        [EventTypes.View, EventTypes.Search, EventTypes.View, EventTypes.View],
        [EventTypes.Search, EventTypes.View, EventTypes.Click, EventTypes.AddToCart],
        [EventTypes.View, EventTypes.Click, EventTypes.View, EventTypes.Impression],
    ];

    private static readonly TimeSpan[] Thrice = [TimeSpan.FromDays(9), TimeSpan.FromHours(27), TimeSpan.FromMinutes(25)];

    private static readonly Exposure[][] Seen =
    [
        [new Exposure("banner-message", 1, "control")],
        [new Exposure("banner-message", 1, "shipping")],
        [new Exposure("banner-message", 1, "returns")],
    ];

    /// <summary>Gives one person's twelve events in the order of time.</summary>
    public static IEnumerable<Event> Of(int person, DateTimeOffset now) => Of(person, now, Thrice);

    /// <summary>Gives four events of one person for each session. People mostly stay in one category and mostly go on to its next item.</summary>
    /// <param name="person">The person's number.</param>
    /// <param name="now">The time that the sessions are counted back from.</param>
    /// <param name="before">How long before it each session was, the longest first.</param>
    public static IEnumerable<Event> Of(int person, DateTimeOffset now, IReadOnlyList<TimeSpan> before)
    {
        var random = new Random(person);
        var home = random.Next(Shop.Categories);
        var message = (ulong)person << 32 | (ulong)(now.ToUnixTimeSeconds() % 100_000 * 1_000);
        for (var session = 0; session < before.Count; session++)
        {
            var at = now - before[session] - TimeSpan.FromSeconds(random.Next(600));
            var category = random.NextDouble() < 0.7 ? home : random.Next(Shop.Categories);
            var place = Math.Min(random.Next(Shop.ItemsPerCategory), random.Next(Shop.ItemsPerCategory));
            foreach (var wanted in Sessions[session % Sessions.Length])
            {
                var type = wanted == EventTypes.Impression && person % 2 == 0 ? EventTypes.AddToCart : wanted;
                yield return Make(type, person, Shop.ItemAt(category, place), People.Uuid(~message++), at.ToUnixTimeMilliseconds(), random);
                at += TimeSpan.FromSeconds(random.Next(5, 90));
                place = type is EventTypes.Click or EventTypes.AddToCart ? place
                    : random.NextDouble() < 0.7 ? place + 1 : random.Next(Shop.ItemsPerCategory);
            }
        }
    }

    private static Event Make(string type, int person, Item item, string messageId, long at, Random random)
    {
        var isAboutItem = type is not (EventTypes.Search or EventTypes.Impression);
        var made = new Event
        {
            MessageId = messageId,
            Type = type,
            Timestamp = at,
            ReceivedAt = at,
            AnonymousId = People.Id(person),
            ItemId = isAboutItem ? item.Id : null,
            Price = isAboutItem ? item.Price!.Value : double.NaN,
            Query = type == EventTypes.Search ? $"something like {item.Title}" : null,
            Placement = type == EventTypes.Impression ? "home.banner" : null,
        };
        if (isAboutItem)
        {
            made.FillFrom(item);
        }

        if (type == EventTypes.Impression)
        {
            made.Expose(Seen[random.Next(Seen.Length)]);
        }

        return made;
    }
}
