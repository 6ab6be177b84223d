using Personalization.Core.Privacy;

namespace Personalization.Node;

/// <summary>How a node runs.</summary>
public sealed record NodeOptions
{
    /// <summary>Gets the folder that everything is kept in.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Gets what holds where a person said nothing. By default what is unknown is allowed.</summary>
    public ConsentPolicy Consent { get; init; } = ConsentPolicy.Default;

    /// <summary>Gets how many profiles stay in memory; the default is a million, about 2 GB. Others are read when asked for.</summary>
    public int MostHotProfiles { get; init; } = 1_000_000;

    /// <summary>Gets the most bytes of events that wait for the disk; beyond it ingestion answers 503. The default is 64 MiB.</summary>
    public long MostWaitingBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Gets how often changed state is written to the database. The default is 5 seconds.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets how many changed profiles and items make a checkpoint due early. The default is 200 000.</summary>
    public int CheckpointChanges { get; init; } = 200_000;

    /// <summary>Gets how many bytes of decisions are remembered. The default is 256 MiB; the oldest go first.</summary>
    public long DecisionBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Gets the size of a log segment in bytes. The default is 64 MiB.</summary>
    public int LogSegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Gets the file with the keys that profiles are encrypted with; without one they are not.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Gets how long after one walk over what is stored the next begins, which removes what has expired. The default is 10 minutes.</summary>
    public TimeSpan WalkInterval { get; init; } = TimeSpan.FromMinutes(10);
}
