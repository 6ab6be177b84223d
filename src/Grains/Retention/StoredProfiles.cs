namespace Personalization.Grains.Retention;

/// <summary>Some of the profiles that are stored.</summary>
/// <param name="Profiles">Ids, and profiles as <see cref="Core.Profiles.ProfileReplica.Write"/> writes them. May be none although more follow.</param>
/// <param name="Next">Where to go on; null where these were the last.</param>
public sealed record StoredProfiles(IReadOnlyList<(string Id, byte[] Bytes)> Profiles, string? Next);
