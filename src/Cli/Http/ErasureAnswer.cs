namespace Personalization.Cli.Http;

/// <summary>How far an erasure is.</summary>
internal sealed record ErasureAnswer(string Id, bool Finished, long Total, long Done, ErasedAnswer? Erased, IReadOnlyList<RemainderAnswer>? Remains);

/// <summary>What an erasure removed.</summary>
internal sealed record ErasedAnswer(long Profiles, long Decisions, long TrainingSessions);

/// <summary>What goes by itself, and when.</summary>
internal sealed record RemainderAnswer(string Place, DateTimeOffset? Until);
