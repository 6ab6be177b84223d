using System.CommandLine;

namespace Personalization.Cli;

/// <summary>Refuses numbers out of range while the command line is parsed, so that a command only sees good ones.</summary>
internal static class OptionBounds
{
    /// <summary>Adds the bounds, both allowed, and names them in the help.</summary>
    public static Option<T> Within<T>(this Option<T> option, T least, T most)
        where T : struct, IComparable<T>
    {
        option.Validators.Add(result =>
        {
            try
            {
                var value = result.GetValueOrDefault<T>();
                if (!(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0))
                {
                    result.AddError(FormattableString.Invariant($"{option.Name} is {least} to {most}, not {value}."));
                }
            }
            catch (InvalidOperationException)
            {
                // It is no number at all, which the parser reports by itself.
            }
        });
        return option;
    }
}
