using Personalization.Core.Events;

namespace Personalization.Core.Ingestion;

/// <summary>What came of reading a record: an event, or the reason why there is none.</summary>
public readonly record struct RecordReading
{
    private RecordReading(Event? @event, PoisonReason reason, string? detail) => (Event, Reason, Detail) = (@event, reason, detail);

    /// <summary>Gets the event, or null where the record is poison.</summary>
    public Event? Event { get; }

    /// <summary>Gets why there is no event; <see cref="PoisonReason.None"/> where there is one.</summary>
    public PoisonReason Reason { get; }

    /// <summary>Gets one sentence about the reason for people, without data of the person.</summary>
    public string? Detail { get; }

    internal static RecordReading Of(Event read) => new(read, PoisonReason.None, null);

    internal static RecordReading Poison(PoisonReason reason, string detail) => new(null, reason, detail);
}
