using System.Text.Json;
using Personalization.Core.Catalog;
using Personalization.Core.Decisions;

namespace Personalization.Core.Configuration;

/// <summary>The configuration at one revision, with the plan compiled from it. Immutable; a host keeps the current one and publishes the next.</summary>
public sealed class ConfigurationState
{
    private ConfigurationState(ConfigurationSet set, DecisionPlan plan)
    {
        Set = set;
        Plan = plan;
    }

    /// <summary>The state of a new server.</summary>
    public static readonly ConfigurationState Empty = new(ConfigurationSet.Empty, DecisionPlan.Empty);

    /// <summary>Gets the documents.</summary>
    public ConfigurationSet Set { get; }

    /// <summary>Gets the plan.</summary>
    public DecisionPlan Plan { get; }

    /// <summary>Compiles what a host has stored.</summary>
    /// <exception cref="InvalidDataException">It does not compile: it was written by another version, or damaged.</exception>
    public static ConfigurationState Restore(
        IEnumerable<ConfigurationDocument> documents, IEnumerable<Item> items, long revision, Vocabulary words)
    {
        var set = ConfigurationSet.Empty.With(documents, []);
        var catalog = ItemCatalog.Empty.With(items, [], words);
        var plan = ConfigurationCompiler.Compile(set, catalog, revision, words, out var problems)
            ?? throw new InvalidDataException(
                $"The stored configuration does not compile: {string.Join(" ", problems.Select(problem => $"{problem.Path}: {problem.Detail}"))}");
        return new ConfigurationState(set, plan);
    }

    /// <summary>Works out the state after a change, checking all of it before anything is different.</summary>
    /// <param name="change">The change.</param>
    /// <param name="words">The process's vocabulary.</param>
    /// <param name="next">The state after it; this one where nothing changes.</param>
    public ChangeOutcome Apply(ConfigurationChange change, Vocabulary words, out ConfigurationState next)
    {
        next = this;
        var touched = change.Put.Select(put => (put.Kind, put.Id)).Concat(change.Remove);
        if (change.IfRevision is { } expected && touched.Any(key => (Set.Find(key.Kind, key.Id)?.Revision ?? 0) != expected))
        {
            return Refuse(ChangeStatus.RevisionMismatch);
        }

        if (change.Remove.Any(key => Set.Find(key.Kind, key.Id) is null)
            || change.RemoveItems.Any(id => Plan.Catalog.Find(id, words) is null))
        {
            return Refuse(ChangeStatus.NotFound);
        }

        var malformed = new List<Problem>();
        if (!change.Put.All(entry => DocumentReader.IsText(entry.Body, Problem.Under(entry.Kind.PluralName(), entry.Id), malformed)))
        {
            return Refuse(ChangeStatus.Invalid, malformed);
        }

        var revision = Plan.Revision + 1;
        var put = change.Put
            .Where(entry => Set.Find(entry.Kind, entry.Id) is not { } old || !JsonElement.DeepEquals(old.Body, entry.Body))
            .Select(entry => new ConfigurationDocument(entry.Kind, entry.Id, entry.Body.Clone(), revision))
            .ToArray();
        var putItems = change.PutItems.Where(item => !ItemWriter.AreSame(Plan.Catalog.Find(item.Id, words), item)).ToArray();
        var changed = put.Select(document => (document.Kind, document.Id)).Concat(change.Remove).ToArray();
        var changedItems = putItems.Length + change.RemoveItems.Count;
        if (changed.Length + changedItems == 0)
        {
            return new ChangeOutcome(ChangeStatus.Applied, Plan.Revision, [], 0, []);
        }

        if (Prepare(put, change.Remove, putItems, change.RemoveItems, revision, words, out var problems) is not { } prepared)
        {
            return Refuse(ChangeStatus.Invalid, problems);
        }

        next = change.DryRun ? this : prepared;
        return new ChangeOutcome(ChangeStatus.Applied, next.Plan.Revision, changed, changedItems, []);
    }

    private ConfigurationState? Prepare(
        ConfigurationDocument[] put,
        IReadOnlyList<(ConfigurationKind Kind, string Id)> removed,
        Item[] putItems,
        IReadOnlyList<string> removedItems,
        long revision,
        Vocabulary words,
        out IReadOnlyList<Problem> problems)
    {
        problems = [];
        var catalog = Plan.Catalog;
        if (putItems.Length + removedItems.Count > 0)
        {
            try
            {
                catalog = catalog.With(putItems, removedItems, words);
            }
            catch (InvalidOperationException exception)
            {
                problems = [new Problem("items", "too_many", exception.Message)];
                return null;
            }
        }

        if (put.Length + removed.Count == 0)
        {
            // Documents don't refer to items, so new prices need no compiler.
            return new ConfigurationState(Set, Plan.With(catalog, revision));
        }

        var set = Set.With(put, removed);
        var plan = ConfigurationCompiler.Compile(set, catalog, revision, words, out problems);
        return plan is null ? null : new ConfigurationState(set, plan);
    }

    private ChangeOutcome Refuse(ChangeStatus status, IReadOnlyList<Problem>? problems = null) =>
        new(status, Plan.Revision, [], 0, problems ?? []);
}
