using Personalization.Core.Monitoring;

namespace Personalization.Core.Tests.Monitoring;

public sealed class VolumeMonitorTests
{
    private const long Day = 1440;
    private static readonly long Start = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() / 60_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_week_of_steady_poisson_traffic_in_twenty_types_raises_no_more_than_one_false_alarm(int seed)
    {
        var random = new Random(seed);
        double[] rates = [.. Enumerable.Range(0, 20).Select(i => 0.1 * Math.Pow(2, i * 0.7))];
        var monitor = Run(7 * Day, (type, _) => Poisson(random, rates[type]), rates.Length);

        // 2 · 10^-6 a minute and type are about .4 in the 201 600 judged here.
        Assert.InRange(monitor.Raised, 0, 1);
    }

    [Fact]
    public void Traffic_that_swings_with_the_hour_of_the_day_raises_no_alarm()
    {
        var random = new Random(5);
        var monitor = Run(7 * Day, (_, minute) => Poisson(random, 200 * Swing(minute)), 1);
        Assert.InRange(monitor.Raised, 0, 1);
    }

    [Theory]
    [InlineData(20, 3, AlertKind.Surge)]
    [InlineData(300, 1.6, AlertKind.Surge)]
    [InlineData(40, 0, AlertKind.Drop)]
    [InlineData(500, 0.5, AlertKind.Drop)]
    public void A_sudden_change_raises_one_alert_within_minutes_and_ends_when_it_is_over(double rate, double factor, AlertKind kind)
    {
        var random = new Random(11);
        var change = (from: Start + (2 * Day), to: Start + (2 * Day) + 20);
        var monitor = Run(
            2 * Day + 120, (_, minute) => Poisson(random, rate * (minute >= change.from && minute < change.to ? factor : 1)), 1);

        var alert = Assert.Single(monitor.Alerts);
        Assert.Equal(kind, alert.Kind);
        Assert.InRange((alert.RaisedAt / 60_000) - change.from, 1, 4);
        Assert.InRange((alert.EndedAt!.Value / 60_000) - change.to, 0, 8);
        Assert.Equal(rate, alert.Expected, rate * 0.35);
    }

    [Fact]
    public void A_change_that_lasts_becomes_what_is_expected()
    {
        var random = new Random(4);
        var change = Start + Day;
        var monitor = Run(Day + 400, (_, minute) => Poisson(random, minute < change ? 50 : 400), 1);
        var alert = Assert.Single(monitor.Alerts);
        Assert.InRange((alert.EndedAt!.Value - alert.RaisedAt) / 60_000, 50, 65);
    }

    [Fact]
    public void Nothing_is_judged_before_half_an_hour_was_seen_and_a_host_that_slept_begins_anew()
    {
        var random = new Random(8);
        Assert.Empty(Run(29, (_, minute) => minute % 2 == 0 ? 1000 : 0, 1).Alerts);

        var monitor = Run(Day, (_, _) => Poisson(random, 100), 1);
        monitor.Observe(new Dictionary<string, long>(), (Start + (10 * Day)) * 60_000);
        Assert.Empty(monitor.Alerts);
    }

    [Fact]
    public void Invented_types_are_watched_together()
    {
        var monitor = new VolumeMonitor();
        for (var i = 0; i < 5000; i++)
        {
            monitor.Observe(new Dictionary<string, long> { [$"type-{i}"] = 1 }, Start * 60_000);
        }

        monitor.Observe(new Dictionary<string, long>(), (Start + 1) * 60_000);
        Assert.Empty(monitor.Alerts);
    }

    private static VolumeMonitor Run(long minutes, Func<int, long, long> count, int types)
    {
        var monitor = new VolumeMonitor();
        for (var minute = Start; minute <= Start + minutes; minute++)
        {
            monitor.Observe(Enumerable.Range(0, types).ToDictionary(type => $"t{type}", type => count(type, minute)), minute * 60_000);
        }

        return monitor;
    }

    private static double Swing(long minute) => 1 + (0.8 * Math.Sin(2 * Math.PI * (minute % Day) / Day));

    private static long Poisson(Random random, double mean)
    {
        if (mean > 500)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            return Math.Max(0, (long)Math.Round(mean + (Math.Sqrt(mean) * normal)));
        }

        // Knuth's method, in pieces that e^-mean does not underflow for.
        long count = -1;
        double sum = 0;
        do
        {
            sum -= Math.Log(1 - random.NextDouble());
            count++;
        }
        while (sum < mean);
        return count;
    }
}
