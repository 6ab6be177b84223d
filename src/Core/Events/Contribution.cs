namespace Personalization.Core.Events;

/// <summary>
/// What an event adds to a feature that the configuration declares. The door works it out, so that folding the event later needs no
/// configuration and gives the same state whenever it is done.
/// </summary>
/// <param name="Feature">The id of the feature.</param>
/// <param name="How">How contributions are put together.</param>
/// <param name="Window">A place in <see cref="Profiles.Window.All"/>; their number for all time.</param>
/// <param name="Amount">The number, in whole ten-thousandths; 0 where it is a word.</param>
/// <param name="Word">The word, or null where it is a number.</param>
public readonly record struct Contribution(string Feature, Accumulation How, byte Window, long Amount, string? Word)
{
    /// <summary>How many parts of <see cref="Amount"/> make one.</summary>
    public const double Scale = 10_000;

    /// <summary>The greatest <see cref="Amount"/>: 10^11.</summary>
    public const long MostAmount = 1_000_000_000_000_000;

    /// <summary>Gives a number as an amount: rounded to four decimals, and no further from 0 than 10^11.</summary>
    public static long AmountOf(double number) =>
        double.IsNaN(number) ? 0 : (long)Math.Clamp(Math.Round(number * Scale), -MostAmount, MostAmount);
}
