namespace Personalization.Grains.Retention;

/// <summary>All profiles that are stored, a slice at a time, without bringing anybody to memory. A port: Redis stands behind it.</summary>
public interface IStoredProfiles
{
    /// <summary>Reads some profiles.</summary>
    /// <param name="cursor">Where to go on (<see cref="StoredProfiles.Next"/>); null to begin.</param>
    /// <remarks>Who is stored all through a walk is in one of its slices at least, and may be in several.</remarks>
    ValueTask<StoredProfiles> ReadAsync(string? cursor);
}
