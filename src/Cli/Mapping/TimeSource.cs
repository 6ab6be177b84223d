using System.Globalization;

namespace Personalization.Cli.Mapping;

/// <summary>Makes a row's time.</summary>
/// <param name="Value">The time as text. Without an offset it is UTC.</param>
/// <param name="Format">How that text is written, as .NET's custom date formats say it; null is ISO 8601.</param>
/// <param name="PlusSeconds">Seconds to add, for data that has an order but no time of day.</param>
internal sealed record TimeSource(Template Value, string? Format, Template? PlusSeconds)
{
    private const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    public DateTimeOffset Read(IReadOnlyList<string> row)
    {
        var text = Value.Fill(row);
        var isTime = Format is null
            ? DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out var time)
            : DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, Styles, out time);
        if (!isTime)
        {
            throw new RowError($"\"{text}\" is no time{(Format is null ? "" : $" written as {Format}")}");
        }

        if (PlusSeconds is null)
        {
            return time;
        }

        var seconds = PlusSeconds.Fill(row);
        return double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var added) && Math.Abs(added) < 1e10
            ? time.AddSeconds(added)
            : throw new RowError($"plusSeconds is a number, not \"{seconds}\"");
    }
}
