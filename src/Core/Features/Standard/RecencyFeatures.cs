using Personalization.Core.Conditions;
using Personalization.Core.Decisions;

namespace Personalization.Core.Features;

/// <summary>How long ago things happened.</summary>
internal static class RecencyFeatures
{
    /// <summary>What is told of what never happened: a century, so that it is neither less than any bound nor missing.</summary>
    public const double NeverDays = 36_525;

    private const double DayMilliseconds = 86_400_000;
    private const double MinuteMilliseconds = 60_000;

    public static readonly IReadOnlyList<FeatureFamily> Families =
    [
        Since("recency.<type>.minutes", "minutes", MinuteMilliseconds),
        Since("recency.<type>.days", "days", DayMilliseconds),
        Visit("visit.minutesSinceLast", "minutes", MinuteMilliseconds),
        Visit("visit.daysSinceLast", "days", DayMilliseconds),
    ];

    /// <summary>Gives how many days passed between a time in milliseconds and now; <see cref="NeverDays"/> where the time is 0.</summary>
    public static double Days(long at, long now) => Elapsed(at, now, DayMilliseconds);

    private static FeatureFamily Since(string pattern, string unit, double milliseconds) => new(
        pattern,
        [FeatureParameters.EventType],
        FeatureType.Number,
        $"How long ago an event of the type happened last; {NeverDays} days where none did.",
        binding =>
        {
            var type = binding[0];
            return context => AttributeValue.From(Elapsed(context.Profile.LastAt(type), context.Now, milliseconds));
        })
    {
        Unit = unit,
        Default = AttributeValue.From(Never(milliseconds)),
    };

    private static FeatureFamily Visit(string name, string unit, double milliseconds) => new(
        name,
        FeatureType.Number,
        $"How long ago the visit before this one ended, or the last one where none is running; {NeverDays} days where there was none.",
        context => AttributeValue.From(Elapsed(LastVisit(context), context.Now, milliseconds)))
    {
        Unit = unit,
        Default = AttributeValue.From(Never(milliseconds)),
    };

    private static long LastVisit(DecisionContext context) =>
        context.Profile.SessionAt(context.Now) is null ? context.Profile.LastSeen : context.Profile.PreviousVisit;

    private static double Elapsed(long at, long now, double milliseconds) =>
        at == 0 ? Never(milliseconds) : Math.Max(0, now - at) / milliseconds;

    private static double Never(double milliseconds) => NeverDays * DayMilliseconds / milliseconds;
}
