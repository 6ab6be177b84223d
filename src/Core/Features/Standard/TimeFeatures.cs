using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Privacy;

namespace Personalization.Core.Features;

/// <summary>The time of day, week and year where the visitor is, or else where the shop is.</summary>
internal static class TimeFeatures
{
    // JavaScript's -new Date().getTimezoneOffset(): what every browser knows, and no list of zones is needed for.
    private const string OffsetName = "utcOffsetMinutes";
    private const double MostOffset = 14 * 60;

    private const string Zone = "In the page's zone where it sends `context.utcOffsetMinutes`, else in the settings' `timeZone`.";

    private static readonly string[] Seasons = ["winter", "spring", "summer", "autumn"];
    private static readonly string[] Weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    public static readonly IReadOnlyList<FeatureFamily> Families =
    [
        Time("time.hour", FeatureType.Number, $"The hour, 0 to 23. {Zone}", (time, _) => AttributeValue.From((double)time.Hour)),
        Time("time.weekday", FeatureType.Text, $"`monday` to `sunday`. {Zone}", (time, _) => AttributeValue.From(Weekdays[(int)time.DayOfWeek])),
        Time("time.isWeekend", FeatureType.Boolean, $"Whether it is Saturday or Sunday. {Zone}", (time, _) =>
            AttributeValue.From(time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)),
        Time(
            "time.season",
            FeatureType.Text,
            $"`spring`, `summer`, `autumn` or `winter`, by whole months: the northern winter is December to February. {Zone}",
            (time, isSouthern) => AttributeValue.From(Seasons[((time.Month / 3) + (isSouthern ? 2 : 0)) % 4])),
    ];

    private static FeatureFamily Time(string name, FeatureType type, string description, Func<DateTime, bool, AttributeValue> read) =>
        new(name, [], type, description, binding =>
        {
            var (zone, isSouthern) = (binding.Registry.Settings.TimeZone, binding.Registry.Settings.IsSouthern);
            return context => read(Local(context, zone), isSouthern);
        })
        {
            // The clock tells nothing of the person.
            Purposes = Purposes.None,
            Source = FeatureSource.Request,
        };

    private static DateTime Local(DecisionContext context, TimeZoneInfo zone)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(context.Now).UtcDateTime;
        var offset = context.Request.Context.Member(OffsetName);
        return offset is { Kind: AttributeKind.Number, Number: >= -MostOffset and <= MostOffset }
            ? now.AddMinutes(offset.Number)
            : TimeZoneInfo.ConvertTimeFromUtc(now, zone);
    }
}
