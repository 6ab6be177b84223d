namespace Personalization.Cli.Events;

/// <summary>One thing a visitor did, as it is sent.</summary>
internal sealed record Event
{
    public required string MessageId { get; init; }

    public required string Type { get; init; }

    /// <summary>Gets when it happened; null is when the server receives it.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    public string? AnonymousId { get; init; }

    public string? UserId { get; init; }

    /// <summary>Gets what each named purpose was told; a purpose that is absent is unknown.</summary>
    public IReadOnlyList<KeyValuePair<string, bool>> Consent { get; init; } = [];

    /// <summary>Gets the named properties, in the order they are written.</summary>
    public IReadOnlyList<KeyValuePair<string, Scalar>> Properties { get; init; } = [];

    /// <summary>Gets who did it.</summary>
    public string Person => UserId ?? AnonymousId!;

    /// <summary>Gets the item concerned, if any.</summary>
    public string? ItemId => Properties.FirstOrDefault(property => property.Key == "itemId").Value.AsText;
}
