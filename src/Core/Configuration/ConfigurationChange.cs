using System.Text.Json;
using Personalization.Core.Catalog;

namespace Personalization.Core.Configuration;

/// <summary>Documents and items to put and to remove, all or none.</summary>
public sealed record ConfigurationChange
{
    /// <summary>Gets the documents to put.</summary>
    public IReadOnlyList<(ConfigurationKind Kind, string Id, JsonElement Body)> Put { get; init; } = [];

    /// <summary>Gets the documents to remove.</summary>
    public IReadOnlyList<(ConfigurationKind Kind, string Id)> Remove { get; init; } = [];

    /// <summary>Gets the items to put.</summary>
    public IReadOnlyList<Item> PutItems { get; init; } = [];

    /// <summary>Gets the ids of the items to remove.</summary>
    public IReadOnlyList<string> RemoveItems { get; init; } = [];

    /// <summary>Gets the revision that every document put or removed must still have (0 for none at all), or null for any.</summary>
    public long? IfRevision { get; init; }

    /// <summary>Gets whether to check only, and change nothing.</summary>
    public bool DryRun { get; init; }
}
