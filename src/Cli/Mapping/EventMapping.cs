namespace Personalization.Cli.Mapping;

/// <summary>How a row becomes an event.</summary>
internal sealed record EventMapping(
    ValueSource MessageId,
    ValueSource Type,
    TimeSource? Timestamp,
    ValueSource? AnonymousId,
    ValueSource? UserId,
    IReadOnlyList<(string Name, ValueSource Source)> Consent,
    IReadOnlyList<(string Name, ValueSource Source)> Properties);

/// <summary>How a row becomes a catalog item.</summary>
internal sealed record ItemMapping(
    ValueSource Id,
    ValueSource? Title,
    ValueSource? Url,
    ValueSource? Image,
    ValueSource? Category,
    ValueSource? Brand,
    ValueSource? Price,
    ValueSource? Stock,
    ValueSource? Margin,
    IReadOnlyList<(string Name, ValueSource Source)> Attributes);
