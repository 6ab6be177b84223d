using Personalization.Core.Catalog;
using Personalization.Core.Privacy;

namespace Personalization.Core.Events;

/// <summary>One thing a visitor did. Immutable once it is in the log.</summary>
/// <remarks>Times are milliseconds since the Unix epoch, UTC. Ids hold 1 to 256 characters and no control characters.</remarks>
public sealed class Event
{
    private Consent _consent;
    private double _price = double.NaN;

    /// <summary>Gets the sender's id of this message; the same id of the same person is folded once.</summary>
    public required string MessageId { get; init; }

    /// <summary>Gets the type, one of <see cref="EventTypes"/> or custom, 1 to 64 characters.</summary>
    public required string Type { get; init; }

    /// <summary>Gets when it happened, corrected for the client's clock and never after <see cref="ReceivedAt"/>.</summary>
    public required long Timestamp { get; init; }

    /// <summary>Gets when the server received it.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>Gets the device's id.</summary>
    public string? AnonymousId { get; init; }

    /// <summary>Gets the login's id.</summary>
    public string? UserId { get; init; }

    /// <summary>Gets the device's id that an <c>alias</c> joins to the login.</summary>
    public string? PreviousId { get; init; }

    /// <summary>
    /// Gets what this event may be used for; of type <see cref="EventTypes.Consent"/>, the choice that the person made. What is in the log
    /// denies what was denied in any way when it was taken in: by the event, by a signal of the browser, by the stored choice.
    /// </summary>
    public Consent Consent { get => _consent; init => _consent = value; }

    /// <summary>Gets the version of the type's schema that the sender meant; 0 where none was said.</summary>
    public int SchemaVersion { get; init; }

    /// <summary>Gets the item concerned.</summary>
    public string? ItemId { get; init; }

    /// <summary>Gets the item's category: the sender's, else the catalog's.</summary>
    public string? Category { get; private set; }

    /// <summary>Gets the item's brand: the sender's, else the catalog's.</summary>
    public string? Brand { get; private set; }

    /// <summary>Gets the price of one unit in the shop's currency: the sender's, else the catalog's, else NaN.</summary>
    public double Price { get => _price; init => _price = value; }

    /// <summary>Gets how many units, at least 1.</summary>
    public int Quantity { get; init; } = 1;

    /// <summary>Gets the words searched for.</summary>
    public string? Query { get; init; }

    /// <summary>Gets the decision an impression, click or reward belongs to.</summary>
    public string? DecisionId { get; init; }

    /// <summary>Gets the placement an impression or click belongs to.</summary>
    public string? Placement { get; init; }

    /// <summary>Gets what a reward is worth, or NaN where none was sent.</summary>
    public double Value { get; init; } = double.NaN;

    /// <summary>Gets the experiment variants that an impression exposes the person to; the door fills them from the decision.</summary>
    public IReadOnlyList<Exposure> Exposures { get; private set; } = [];

    /// <summary>Gets the shop's own properties, as far as they are numbers, texts or yes and no. They are not in the log.</summary>
    public IReadOnlyList<EventProperty> Properties { get; init; } = [];

    /// <summary>Gets what this event adds to features that the configuration declares; the door fills it from the plan.</summary>
    public IReadOnlyList<Contribution> Contributions { get; private set; } = [];

    /// <summary>Gets whether a program did it that says so in its user agent: it teaches nobody, and sees no experiment.</summary>
    public bool IsAutomated { get; private set; }

    /// <summary>Gets the id of the profile this event belongs to: the login where there is one, else the device.</summary>
    public string PersonId => UserId ?? AnonymousId!;

    /// <summary>Makes the mark that erases a person where the log is folded.</summary>
    /// <param name="person">The id of the profile.</param>
    /// <param name="erasure">Which erasure it belongs to.</param>
    /// <param name="at">When, in milliseconds since the Unix epoch.</param>
    public static Event Erasing(string person, string erasure, long at) =>
        new() { MessageId = erasure, Type = EventTypes.Erase, Timestamp = at, ReceivedAt = at, UserId = person };

    /// <summary>Fills what the sender left out from the catalog, before the event is logged, so that a replay needs no catalog.</summary>
    public void FillFrom(Item item)
    {
        Category ??= item.Category;
        Brand ??= item.Brand;
        _price = double.IsNaN(_price) ? item.Price ?? double.NaN : _price;
    }

    /// <summary>States what the impressed decision assigned, before the event is logged, so that a replay needs no decisions.</summary>
    public void Expose(IReadOnlyList<Exposure> exposures) => Exposures = exposures;

    /// <summary>States what the event may not be used for, before it is logged, so that whoever folds it need not ask again.</summary>
    internal void Deny(Purposes denied) => _consent = _consent.Without(denied);

    /// <summary>States what it adds to declared features, before the event is logged, so that a replay needs no configuration.</summary>
    public void Contribute(IReadOnlyList<Contribution> contributions) => Contributions = contributions;

    /// <summary>States that a program did it, before the event is logged.</summary>
    public void MarkAutomated() => IsAutomated = true;

    internal Event With(string? category, string? brand)
    {
        Category = category;
        Brand = brand;
        return this;
    }
}
