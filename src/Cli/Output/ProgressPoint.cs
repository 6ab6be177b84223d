namespace Personalization.Cli.Output;

/// <summary>How far a piece of work has come.</summary>
/// <param name="Count">How many things are done.</param>
/// <param name="Fraction">The share of the whole that is done, 0 to 1, or null where nobody knows how much there is.</param>
internal readonly record struct ProgressPoint(long Count, double? Fraction)
{
    /// <summary>Describes the point in one line: what is done, how fast, and what time is left.</summary>
    public string Describe(string unit, TimeSpan elapsed)
    {
        var rate = elapsed > TimeSpan.Zero ? Count / elapsed.TotalSeconds : 0;
        var left = Fraction is > 0 and < 1 ? $", {Clock(elapsed * ((1 - Fraction.Value) / Fraction.Value))} left" : "";
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Count:N0} {unit}, {rate:N0}/s{left}");
    }

    /// <summary>Writes a duration as minutes and seconds, with hours only where there are any.</summary>
    public static string Clock(TimeSpan time) => time.TotalHours >= 1
        ? $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}"
        : $"{time.Minutes}:{time.Seconds:00}";
}
