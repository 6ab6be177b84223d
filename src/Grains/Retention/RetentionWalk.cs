using System.Text.Json;

namespace Personalization.Grains.Retention;

/// <summary>How far a walk through the stored profiles has come. Stored after every slice, so that a crash costs one slice.</summary>
/// <param name="StartedAt">When it began, in milliseconds since the Unix epoch; 0 where there was none yet.</param>
/// <param name="FinishedAt">When it ended; 0 while it is under way.</param>
/// <param name="Cursor">Where it goes on; null before the first slice and after the last.</param>
/// <param name="Looked">How many profiles it has looked at.</param>
/// <param name="Forgotten">How many of them were forgotten.</param>
internal sealed record RetentionWalk(long StartedAt, long FinishedAt, string? Cursor, long Looked, long Forgotten)
{
    public static readonly RetentionWalk None = new(0, 0, null, 0, 0);

    public bool IsUnderWay => StartedAt > 0 && FinishedAt == 0;

    public static RetentionWalk Begin(long now) => None with { StartedAt = now };

    public static RetentionWalk Read(byte[] bytes) => bytes.Length == 0
        ? None
        : JsonSerializer.Deserialize<RetentionWalk>(bytes) ?? throw new InvalidDataException("The stored walk is not one.");

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this);

    public RetentionWalk After(StoredProfiles slice, int forgotten, long now) => this with
    {
        Cursor = slice.Next,
        FinishedAt = slice.Next is null ? now : 0,
        Looked = Looked + slice.Profiles.Count,
        Forgotten = Forgotten + forgotten,
    };
}
