namespace Personalization.Cli.Http;

/// <summary>What a configuration changed, or would change.</summary>
internal sealed record ConfigurationAnswer(long Revision, IReadOnlyList<ChangedEntry>? Changed, long Unchanged);

/// <summary>One thing that is new or different.</summary>
internal sealed record ChangedEntry(string Kind, string Id);
