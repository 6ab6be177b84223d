namespace Personalization.Core.Events;

/// <summary>The bounds that events are checked against where they enter.</summary>
public static class EventLimits
{
    /// <summary>The most events in one batch.</summary>
    public const int BatchEvents = 500;

    /// <summary>The most bytes in one batch, and in one line of a stream.</summary>
    public const int BatchBytes = 1024 * 1024;

    /// <summary>The most characters of an id.</summary>
    public const int IdLength = 256;

    /// <summary>The most characters of an event type.</summary>
    public const int TypeLength = 64;

    /// <summary>The most characters of a search query, category or brand.</summary>
    public const int TextLength = 512;

    /// <summary>The most properties of the shop's own that an event may be asked for; further ones are passed over.</summary>
    public const int Properties = 64;

    /// <summary>The most characters of the name of such a property.</summary>
    public const int PropertyNameLength = 64;

    /// <summary>How deep the objects and arrays in a member of an event may nest.</summary>
    public const int Depth = 32;

    /// <summary>How far in the future a timestamp may lie, in milliseconds: one day. Nearer ones are taken as now.</summary>
    public const long FutureMilliseconds = 24L * 60 * 60 * 1000;
}
