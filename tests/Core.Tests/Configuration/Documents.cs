using System.Text.Json;
using Personalization.Core.Catalog;
using Personalization.Core.Configuration;

namespace Personalization.Core.Tests.Configuration;

/// <summary>A configuration that is changed step by step.</summary>
internal sealed class Documents
{
    public Vocabulary Words { get; } = new();

    public ConfigurationState State { get; private set; } = ConfigurationState.Empty;

    public ChangeOutcome Apply(ConfigurationChange change)
    {
        var outcome = State.Apply(change, Words, out var next);
        State = next;
        return outcome;
    }

    public ChangeOutcome Put(ConfigurationKind kind, string id, string body, long? ifRevision = null, bool dryRun = false) =>
        Apply(new ConfigurationChange { Put = [(kind, id, JsonElement.Parse(body))], IfRevision = ifRevision, DryRun = dryRun });

    public ChangeOutcome Remove(ConfigurationKind kind, string id, long? ifRevision = null) =>
        Apply(new ConfigurationChange { Remove = [(kind, id)], IfRevision = ifRevision });

    public ChangeOutcome PutItems(params Item[] items) => Apply(new ConfigurationChange { PutItems = items });

    public ConfigurationDocument? Find(ConfigurationKind kind, string id) => State.Set.Find(kind, id);

    /// <summary>Applies a whole configuration to an empty server, and gives what is wrong with it as path and code.</summary>
    public static (string Path, string Code)[] FaultsOf(string json)
    {
        var problems = new List<Problem>();
        var change = ChangeReader.Read(JsonElement.Parse(json), problems);
        if (problems.Count == 0)
        {
            problems.AddRange(ConfigurationState.Empty.Apply(change, new Vocabulary(), out _).Problems);
        }

        Assert.All(problems, problem => Assert.True(problem.Detail.EndsWith('.') && problem.Detail.Length > 10, problem.Detail));
        return [.. problems.Select(problem => (problem.Path, problem.Code))];
    }
}
