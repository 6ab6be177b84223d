using Personalization.Core.Catalog;
using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
using Personalization.Core.Recommend;
using Personalization.Core.Tests.Events;

namespace Personalization.Core.Tests.Recommend;

/// <summary>Teaches item knowledge by events, and reads what it learned by ids.</summary>
internal sealed class Lessons
{
    public Lessons(Vocabulary? words = null)
    {
        Words = words ?? new Vocabulary();
        Knowledge = new ItemKnowledge(Words);
    }

    public Vocabulary Words { get; }

    public ItemKnowledge Knowledge { get; }

    public LearningDelta Delta { get; } = new();

    /// <summary>One step of a session: interest in an item after another one, or none.</summary>
    public static void Learn(
        LearningDelta delta, Vocabulary words, long at, string? previous, string item, string type = EventTypes.View, Consent consent = default) =>
        delta.Learn(
            Happened.Event(type, at, item, consent: consent),
            new FoldOutcome(true, words.Number(item), previous is null ? -1 : words.Number(previous)));

    public Lessons Learn(long at, string? previous, string item, string type = EventTypes.View, Consent consent = default)
    {
        Learn(Delta, Words, at, previous, item, type, consent);
        return this;
    }

    public Lessons Merge(params string[] catalog)
    {
        Knowledge.Merge(Delta);
        Delta.Clear();
        Knowledge.Refresh(Catalog(Words, catalog));
        return this;
    }

    public static ItemCatalog Catalog(Vocabulary words, params IEnumerable<string> ids) =>
        ItemCatalog.Empty.With(ids.Select(id => new Item { Id = id }), [], words);

    public (string Id, double Score)[] Popular => Named(Knowledge.Popular);

    public (string Id, double Score)[] Trending => Named(Knowledge.Trending);

    public (string Id, double Probability)[] Successors(string item) =>
        [.. Knowledge.Successors(Words.Find(item)).ToArray().Select(next => (Words[next.Item], next.Probability))];

    private (string, double)[] Named(Ranking ranking) => [.. ranking.Items.ToArray().Select(item => (Words[item.Item], item.Score))];
}
