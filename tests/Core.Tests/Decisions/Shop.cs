using System.Text.Json;
using Personalization.Core.Catalog;
using Personalization.Core.Conditions;
using Personalization.Core.Configuration;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Core.Recommend;
using Personalization.Core.Tests.Events;

namespace Personalization.Core.Tests.Decisions;

/// <summary>A configured engine with its catalog, what was learned, and the people who ask it.</summary>
internal sealed class Shop
{
    public const long Now = Happened.Monday;

    private readonly Dictionary<string, UserProfile> _people = [];
    private readonly LearningDelta _delta = new();
    private long _position;

    public Vocabulary Words { get; } = new();

    public ItemKnowledge Knowledge { get; }

    public ConfigurationState State { get; private set; } = ConfigurationState.Empty;

    public DecisionEngine Engine { get; }

    public Shop()
    {
        Knowledge = new ItemKnowledge(Words);
        Engine = new DecisionEngine(Knowledge);
    }

    /// <summary>Puts documents: <c>{"placements": {…}, …}</c>.</summary>
    public Shop Put(string json)
    {
        var problems = new List<Problem>();
        using var document = JsonDocument.Parse(json);
        var change = ChangeReader.Read(document.RootElement, problems);
        Assert.Empty(problems);
        return Apply(change);
    }

    public Shop Stock(params IEnumerable<Item> items)
    {
        Apply(new ConfigurationChange { PutItems = [.. items] });
        Knowledge.Refresh(State.Plan.Catalog);
        return this;
    }

    public Shop Stock(params string[] ids) => Stock(ids.Select(id => new Item { Id = id }));

    public UserProfile Person(string id)
    {
        if (!_people.TryGetValue(id, out var profile))
        {
            _people[id] = profile = new UserProfile(id);
        }

        return profile;
    }

    /// <summary>Lets somebody do something, which they and the recommenders learn from.</summary>
    public Shop Happen(string person, string type, long at, string? item = null, string? category = null, params Exposure[] exposures)
    {
        var source = Happened.Event(type, at, item, category, person: person);
        source.Expose(exposures);
        _delta.Learn(source, Person(person).Fold(source, ++_position, Words));
        return this;
    }

    /// <summary>Lets something be bought, put into the cart or looked at, at a price.</summary>
    public Shop Trade(string person, string type, long at, double price, int quantity = 1)
    {
        Person(person).Fold(Happened.Event(type, at, "item", person: person, price: price, quantity: quantity), ++_position, Words);
        return this;
    }

    /// <summary>Reads one feature of somebody at a time.</summary>
    public AttributeValue Feature(string person, string name, long at, DecisionRequest? request = null)
    {
        var feature = State.Plan.Features.Find(name, out var problem);
        Assert.True(feature is not null, problem);
        return feature.Read(Context(request ?? new DecisionRequest { AnonymousId = person }) with { Now = at });
    }

    public Shop Learn()
    {
        Knowledge.Merge(_delta);
        _delta.Clear();
        Knowledge.Refresh(State.Plan.Catalog);
        return this;
    }

    public DecisionContext Context(DecisionRequest request) => new(Person(request.PersonId), request, Now, Words, _position);

    public Decision Decide(DecisionRequest request, Action<string, Exception>? failed = null) =>
        Engine.Decide(new DecisionId(1, 2), State.Plan, Context(request), failed);

    public PlacementDecision DecideOne(string person, string placement, AttributeValue context = default) =>
        Assert.Single(Decide(new DecisionRequest { AnonymousId = person, Placements = [placement], Context = context }).Placements);

    private Shop Apply(ConfigurationChange change)
    {
        var outcome = State.Apply(change, Words, out var next);
        Assert.Empty(outcome.Problems);
        Assert.Equal(ChangeStatus.Applied, outcome.Status);
        State = next;
        return this;
    }
}
