using Personalization.Core.Events;
using Personalization.Core.Tests.Events;

namespace Personalization.Core.Tests.Profiles;

/// <summary>A stream of events as a real person's could be: bursts and pauses, late and repeated messages, many types and items.</summary>
internal static class RandomStream
{
    public static List<Event> Of(int seed, int length)
    {
        var random = new Random(seed);
        var events = new List<Event>();
        var now = Happened.Monday;
        while (events.Count < length)
        {
            // From a second to two days, every size as likely as any other.
            now += (long)(1000 * Math.Pow(10, random.NextDouble() * 5.2));
            var late = random.Next(5) == 0 ? (long)(1000 * Math.Pow(10, random.NextDouble() * 7)) : 0;
            if (events.Count > 0 && random.Next(10) == 0)
            {
                events.Add(events[random.Next(Math.Max(0, events.Count - 200), events.Count)]);
                continue;
            }

            var made = Happened.Event(
                random.Next(3) == 0 ? $"custom{random.Next(40)}" : new[] { "view", "click", "add_to_cart", "purchase", "search" }[random.Next(5)],
                now - late,
                random.Next(4) == 0 ? null : $"item{random.Next(60)}",
                random.Next(4) == 0 ? null : $"category{random.Next(25)}",
                random.Next(4) == 0 ? null : $"brand{random.Next(25)}",
                $"{seed}-{events.Count}",
                now - random.Next(2000),
                price: random.Next(3) == 0 ? double.NaN : random.Next(1, 50_000) / 100.0,
                quantity: random.Next(1, 4));
            if (random.Next(20) == 0)
            {
                made.Expose([new Exposure($"experiment{random.Next(70)}", random.Next(1, 3), $"variant{random.Next(2)}")]);
            }

            if (random.Next(8) == 0)
            {
                var how = (Accumulation)random.Next(6);
                var word = how is Accumulation.Last or Accumulation.Distinct && random.Next(2) == 0 ? $"word{random.Next(50)}" : null;
                made.Contribute([new Contribution($"feature{random.Next(3)}", how, (byte)(3 + random.Next(3)), word is null ? random.Next(-9_999, 99_999) : 0, word)]);
            }

            events.Add(made);
        }

        return events;
    }
}
