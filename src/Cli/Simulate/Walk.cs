using Personalization.Cli.Events;

namespace Personalization.Cli.Simulate;

/// <summary>One visitor's way through visit after visit, page by page.</summary>
internal sealed class Walk
{
    private const double ThinkSeconds = 25;
    private readonly ShopCatalog _shop;
    private readonly Visitor _visitor;
    private readonly Random _random;
    private readonly double _secondsBetweenVisits;
    private readonly string _messages;
    private ShoppingSession _session;
    private int _sent;

    /// <param name="shop">The shop that is visited.</param>
    /// <param name="number">Which visitor this is.</param>
    /// <param name="seed">With the visitor's number, all that decides what the visitor is like and does.</param>
    /// <param name="run">Makes the message ids of this run different from those of any other.</param>
    /// <param name="start">When the shop opens.</param>
    /// <param name="betweenVisits">How long the visitor stays away on average.</param>
    public Walk(ShopCatalog shop, int number, int seed, string run, DateTimeOffset start, TimeSpan betweenVisits)
    {
        _shop = shop;
        _random = Seeds.Stream(seed, number);
        _visitor = Visitor.Invent(number, _random);
        _secondsBetweenVisits = betweenVisits.TotalSeconds;
        _messages = FormattableString.Invariant($"{run}-{number}");
        _session = new ShoppingSession(shop, _visitor, _random);
        Number = number;
        At = start.AddSeconds(_random.Exponential(_secondsBetweenVisits));
    }

    public int Number { get; }

    public string AnonymousId => _visitor.AnonymousId;

    /// <summary>Gets when the visitor lands on <see cref="Page"/>.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>Gets the page that the visitor lands on next.</summary>
    public Page Page => _session.Page!;

    /// <summary>Draws whether something of the given probability happens to this visitor now.</summary>
    public bool Chance(double probability) => _random.Chance(probability);

    /// <summary>Lands on the page. A decision for it is asked afterwards, so that it knows what is looked at.</summary>
    public IReadOnlyList<Event> Arrive() => [.. _session.Arrive().Select(Send)];

    /// <summary>Reacts to what the page offers, and moves on to the next one or to the next visit.</summary>
    public IReadOnlyList<Event> Act(IReadOnlyList<Offer> offers)
    {
        Event[] events = [.. _session.Act(offers).Select(Send)];
        if (_session.Page is not null)
        {
            At = At.AddSeconds(1 + _random.Exponential(ThinkSeconds));
        }
        else
        {
            At = At.AddSeconds(ThinkSeconds + _random.Exponential(_secondsBetweenVisits));
            _session = new ShoppingSession(_shop, _visitor, _random);
        }

        return events;
    }

    private Event Send(Draft draft) => new()
    {
        MessageId = FormattableString.Invariant($"{_messages}-{++_sent}"),
        Type = draft.Type,
        Timestamp = At,
        AnonymousId = AnonymousId,
        Properties = draft.Properties,
    };
}
