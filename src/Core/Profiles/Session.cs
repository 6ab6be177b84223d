namespace Personalization.Core.Profiles;

/// <summary>A run of activity that 30 minutes of inactivity end. Times are milliseconds since the Unix epoch.</summary>
/// <param name="Number">Which of the person's sessions it is, from 1.</param>
/// <param name="StartedAt">When its first event happened.</param>
/// <param name="LastActiveAt">When its latest event happened.</param>
/// <param name="Events">How many events it has.</param>
public readonly record struct Session(int Number, long StartedAt, long LastActiveAt, int Events);
