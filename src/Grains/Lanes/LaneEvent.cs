namespace Personalization.Grains.Lanes;

/// <summary>One event as a lane gets it from the log.</summary>
/// <param name="Event">The event.</param>
/// <param name="Position">Its position (<see cref="Core.Ingestion.LogPosition"/>).</param>
public readonly record struct LaneEvent(Core.Events.Event Event, long Position);
