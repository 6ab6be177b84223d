using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Grains;

/// <summary>The log as whoever takes events in sees it. A port: Kafka stands behind it.</summary>
public interface IEventAppender
{
    /// <summary>Makes events durable, and gives their positions (<see cref="Core.Ingestion.LogPosition"/>), in the same order.</summary>
    /// <exception cref="Core.UnavailableException">Not all of them could be made durable; sending all again is right.</exception>
    ValueTask<long[]> AppendAsync(IReadOnlyList<Event> events, CancellationToken cancellation);

    /// <summary>Says where events that are in the log now stay, and how long.</summary>
    ValueTask<IReadOnlyList<Remainder>> RemaindersAsync();
}
