using System.Text.Json;
using Personalization.Core.Privacy;

namespace Personalization.Grains.Privacy;

/// <summary>What is stored of an erasure. It names people only until they are erased.</summary>
internal sealed record ErasureRecord
{
    /// <summary>Gets when it was asked for, in milliseconds since the Unix epoch.</summary>
    public required long RequestedAt { get; init; }

    /// <summary>Gets when it was finished; 0 before.</summary>
    public long FinishedAt { get; init; }

    public required long Total { get; init; }

    public ErasedCounts Erased { get; init; }

    /// <summary>Gets who is still to be erased.</summary>
    public required IReadOnlyList<ErasurePerson> People { get; init; }

    public IReadOnlyList<Remainder> Remains { get; init; } = [];

    public static ErasureRecord? Read(byte[] bytes) => bytes.Length == 0 ? null : JsonSerializer.Deserialize<ErasureRecord>(bytes);

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this);

    public ErasureStatus ToStatus() => new(
        DateTimeOffset.FromUnixTimeMilliseconds(RequestedAt),
        FinishedAt == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(FinishedAt),
        Total,
        Total - People.Count,
        Erased.Profiles,
        Erased.Decisions,
        Erased.TrainingSessions,
        [.. Remains.Select(remainder => (remainder.Place, remainder.Until))]);
}

/// <summary>Somebody who is still to be erased.</summary>
/// <param name="Id">The person's id.</param>
/// <param name="Position">Where in the log the mark lies; 0 while there is none.</param>
/// <param name="WasKnown">Whether there was a profile when it was marked.</param>
internal sealed record ErasurePerson(string Id, long Position, bool WasKnown);
