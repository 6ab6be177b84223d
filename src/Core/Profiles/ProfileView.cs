namespace Personalization.Core.Profiles;

/// <summary>A profile as its owner or an operator reads it, at one moment.</summary>
public sealed record ProfileView
{
    /// <summary>Gets the person's id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the log position of the last event folded.</summary>
    public required long Version { get; init; }

    /// <summary>Gets the time of the earliest event; null where nothing but choices is known.</summary>
    public required DateTimeOffset? FirstSeen { get; init; }

    /// <summary>Gets the time of the latest event; null where nothing but choices is known.</summary>
    public required DateTimeOffset? LastSeen { get; init; }

    /// <summary>Gets how many sessions there were.</summary>
    public required int Sessions { get; init; }

    /// <summary>Gets the running session, or null where there is none.</summary>
    public required Session? Session { get; init; }

    /// <summary>Gets, by event type, the count in each window and in all.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Events { get; init; }

    /// <summary>Gets the share of interest in each category.</summary>
    public required IReadOnlyDictionary<string, double> Categories { get; init; }

    /// <summary>Gets the share of interest in each brand.</summary>
    public required IReadOnlyDictionary<string, double> Brands { get; init; }

    /// <summary>Gets the items of interest, newest first.</summary>
    public required IReadOnlyList<(string Item, DateTimeOffset At)> RecentItems { get; init; }

    /// <summary>Gets the variants the person was exposed to, by experiment.</summary>
    public required IReadOnlyDictionary<string, string> Assignments { get; init; }

    /// <summary>Gets what the person chose.</summary>
    public ConsentChoices Consent { get; init; }

    /// <summary>Gets why the person is taken for a program; nothing where they are not.</summary>
    public AutomationReasons Automation { get; init; }

    /// <summary>Gets until when the person is taken for a program, where they are.</summary>
    public DateTimeOffset AutomatedUntil { get; init; }

    /// <summary>Gets the devices that were joined to this login.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Gets the segments the person is in.</summary>
    public IReadOnlyList<string> Segments { get; init; } = [];
}
