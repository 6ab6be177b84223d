using Personalization.Cli.Events;

namespace Personalization.Cli.Simulate;

/// <summary>Some visitors, each of whom lands on page after page; whoever is next comes first.</summary>
internal sealed class Crowd
{
    // What a visit amounts to on average without offers; measured, and only used to fill a span of time evenly.
    private const double EventsPerVisit = 7;
    private readonly PriorityQueue<Walk, (DateTimeOffset At, int Number)> _next = new();

    public Crowd(IEnumerable<Walk> walks)
    {
        foreach (var walk in walks)
        {
            Return(walk);
        }
    }

    /// <summary>Gets how long visitors have to stay away on average for so many events to fill a span of time.</summary>
    public static TimeSpan BetweenVisits(int people, long events, TimeSpan span) => span * (people * EventsPerVisit / events);

    /// <summary>Takes out the visitor who lands on a page next.</summary>
    public Walk Take() => _next.Dequeue();

    /// <summary>Puts a visitor back in.</summary>
    public void Return(Walk walk) => _next.Enqueue(walk, (walk.At, walk.Number));

    /// <summary>Lets the crowd walk through pages that offer nothing.</summary>
    /// <returns>What happens, in order of time, until there are so many events or it is so late.</returns>
    public IEnumerable<Event> Events(long limit, DateTimeOffset until)
    {
        var made = 0L;
        while (Take() is var walk && walk.At < until)
        {
            foreach (var happened in walk.Arrive().Concat(walk.Act([])))
            {
                if (made++ == limit)
                {
                    yield break;
                }

                yield return happened;
            }

            Return(walk);
        }
    }
}
