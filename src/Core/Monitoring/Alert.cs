namespace Personalization.Core.Monitoring;

/// <summary>The volume of one type of events has changed suddenly.</summary>
/// <param name="Id">The alert's number, from 1, in the order they were raised.</param>
/// <param name="Type">The events' type.</param>
/// <param name="Kind">Whether there are too many of them or too few.</param>
/// <param name="RaisedAt">The end of the minute that raised it, in milliseconds since the Unix epoch.</param>
/// <param name="EndedAt">The end of the minute since which the volume is as expected again; null while it is not.</param>
/// <param name="Observed">How many events that minute had.</param>
/// <param name="Expected">How many were expected.</param>
/// <param name="Z">How many standard deviations that is off.</param>
public sealed record Alert(long Id, string Type, AlertKind Kind, long RaisedAt, long? EndedAt, long Observed, double Expected, double Z);

/// <summary>What is wrong with a volume.</summary>
public enum AlertKind
{
    /// <summary>Far more events than expected.</summary>
    Surge,

    /// <summary>Far fewer events than expected.</summary>
    Drop,
}
