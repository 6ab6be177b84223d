using System.Globalization;

namespace Personalization.Bench;

/// <summary>What came out of one comparison with a bar.</summary>
internal enum Outcome
{
    Pass,
    Fail,

    /// <summary>Measured for the reader; there is no bar.</summary>
    Info,

    /// <summary>Not measured; the measured column says why.</summary>
    Skipped,

    /// <summary>Could not be measured; the measured column says why.</summary>
    Broken,
}

/// <summary>One line of the table.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Measured">The figures, with their units.</param>
/// <param name="Bar">The ceiling or floor, as DESIGN §7 has it.</param>
/// <param name="Ratio">What is compared with the bar, and how it spread over the rounds.</param>
/// <param name="Outcome">Whether it holds.</param>
internal sealed record Row(string What, string Measured, string Bar, string Ratio, Outcome Outcome)
{
    public static Row Skipped(string what, string why) => new(what, why, "", "", Outcome.Skipped);

    public static Row Broken(string what, string why) => new(what, why.ReplaceLineEndings(" "), "", "", Outcome.Broken);

    public static Row Info(string what, string measured) => new(what, measured, "", "", Outcome.Info);

    /// <summary>A quantity with a ceiling; its ratio is that to the ceiling.</summary>
    public static Row Below(string what, double measured, double ceiling, string unit, string note = "") => new(
        what,
        Text(measured) + " " + unit + (note.Length == 0 ? "" : ", " + note),
        "≤ " + Text(ceiling) + " " + unit,
        Text(measured / ceiling) + " of the bar",
        measured <= ceiling ? Outcome.Pass : Outcome.Fail);

    public static Row AtLeast(string what, string measured, Ratios ratios, double floor) =>
        new(what, measured, "≥ " + Text(floor), ratios.ToString(), ratios.Median >= floor ? Outcome.Pass : Outcome.Fail);

    public static Row AtMost(string what, string measured, Ratios ratios, double ceiling) =>
        new(what, measured, "≤ " + Text(ceiling), ratios.ToString(), ratios.Median <= ceiling ? Outcome.Pass : Outcome.Fail);

    /// <summary>Three digits that matter, thousands apart.</summary>
    public static string Text(double value) => Math.Abs(value) switch
    {
        >= 100 => Math.Round(value).ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' '),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };
}
