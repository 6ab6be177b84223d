using System.Collections.Immutable;

namespace Personalization.Core.Configuration;

/// <summary>All documents at one revision. Immutable.</summary>
public sealed class ConfigurationSet
{
    private static readonly IComparer<(ConfigurationKind Kind, string Id)> Order =
        Comparer<(ConfigurationKind Kind, string Id)>.Create((left, right) =>
            left.Kind != right.Kind ? left.Kind.CompareTo(right.Kind) : string.CompareOrdinal(left.Id, right.Id));

    /// <summary>The configuration of a new server.</summary>
    public static readonly ConfigurationSet Empty = new(ImmutableSortedDictionary.Create<(ConfigurationKind, string), ConfigurationDocument>(Order));

    private readonly ImmutableSortedDictionary<(ConfigurationKind, string), ConfigurationDocument> _documents;

    private ConfigurationSet(ImmutableSortedDictionary<(ConfigurationKind, string), ConfigurationDocument> documents) =>
        _documents = documents;

    /// <summary>Gets all documents, by kind and id.</summary>
    public IEnumerable<ConfigurationDocument> Documents => _documents.Values;

    /// <summary>Finds one document.</summary>
    public ConfigurationDocument? Find(ConfigurationKind kind, string id) => _documents.GetValueOrDefault((kind, id));

    /// <summary>Gets the documents of one kind, by id.</summary>
    public IEnumerable<ConfigurationDocument> Of(ConfigurationKind kind) => _documents.Values.Where(document => document.Kind == kind);

    /// <summary>Makes the set with documents put in or replaced, and others removed.</summary>
    public ConfigurationSet With(IEnumerable<ConfigurationDocument> put, IEnumerable<(ConfigurationKind Kind, string Id)> removed) =>
        new(_documents
            .RemoveRange(removed)
            .SetItems(put.Select(document => KeyValuePair.Create((document.Kind, document.Id), document))));
}
