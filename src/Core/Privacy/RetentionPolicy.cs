namespace Personalization.Core.Privacy;

/// <summary>How long what is kept for each purpose is kept, in days; null for as long as there is room.</summary>
public sealed record RetentionPolicy
{
    /// <summary>How long training sessions are kept where nothing is configured.</summary>
    public const int DefaultTrainingDays = 90;

    /// <summary>What holds where nothing is configured.</summary>
    public static readonly RetentionPolicy Default = new();

    /// <summary>Gets after how many days of inactivity a profile is erased, with everything of the person.</summary>
    public int? PersonalizationDays { get; init; }

    /// <summary>Gets after how many days training sessions are deleted.</summary>
    public int TrainingDays { get; init; } = DefaultTrainingDays;

    /// <summary>Gets after how many days decisions are forgotten.</summary>
    public int? AnalyticsDays { get; init; }

    /// <summary>Gets after how many days without use the link of a device to a person is cut.</summary>
    public int? CrossDeviceDays { get; init; }

    /// <summary>Gets the latest time, in milliseconds since the Unix epoch, that has expired at a time; null where nothing expires.</summary>
    /// <param name="days">One of the members above.</param>
    /// <param name="now">The time, in milliseconds since the Unix epoch.</param>
    public static long? Cutoff(int? days, long now) => days is { } some ? now - (some * 86_400_000L) : null;
}
