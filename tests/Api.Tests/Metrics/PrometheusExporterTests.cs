using System.Diagnostics.Metrics;

namespace Personalization.Api.Tests.Metrics;

public sealed class PrometheusExporterTests : IDisposable
{
    private readonly Exported _exported = new();

    private Meter Meter => _exported.Meter;

    public void Dispose() => _exported.Dispose();

    [Fact]
    public void A_counter_adds_up_for_each_set_of_tags()
    {
        var counter = Meter.CreateCounter<long>("shop.orders", "{order}", "Orders.");

        counter.Add(2, Tag("kind", "new"));
        counter.Add(3, Tag("kind", "again"));
        counter.Add(5, Tag("kind", "new"));

        var read = _exported.Read();
        Assert.Equal("counter", read.Types["shop_orders_total"]);
        Assert.Equal("Orders.", read.Helps["shop_orders_total"]);
        Assert.Equal(7, read["""shop_orders_total{kind="new"}"""]);
        Assert.Equal(3, read["""shop_orders_total{kind="again"}"""]);
    }

    [Fact]
    public void What_can_fall_is_a_gauge()
    {
        Meter.CreateUpDownCounter<int>("open").Add(5);
        var level = Meter.CreateGauge<double>("level", "1");
        level.Record(0.25);
        level.Record(double.NaN);
        Meter.CreateUpDownCounter<int>("open").Add(-7);

        var read = _exported.Read();
        Assert.Equal("gauge", read.Types["open"]);
        Assert.Equal(-2, read["open"]);
        Assert.Equal("gauge", read.Types["level_ratio"]);
        Assert.Equal(double.NaN, read["level_ratio"]);
    }

    [Fact]
    public void A_histogram_counts_a_value_in_every_bucket_whose_bound_is_not_below_it()
    {
        var sizes = Meter.CreateHistogram("sizes", "By", "Sizes.", null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [10, 20, 40] });

        foreach (var size in (long[])[1, 10, 11, 20, 21, 41, 1000])
        {
            sizes.Record(size, Tag("of", "a"));
        }

        var read = _exported.Read();
        Assert.Equal(2, read["""sizes_bytes_bucket{le="10",of="a"}"""]);
        Assert.Equal(4, read["""sizes_bytes_bucket{le="20",of="a"}"""]);
        Assert.Equal(5, read["""sizes_bytes_bucket{le="40",of="a"}"""]);
        Assert.Equal(7, read["""sizes_bytes_bucket{le="+Inf",of="a"}"""]);
        Assert.Equal(1104, read["""sizes_bytes_sum{of="a"}"""]);
        Assert.Equal(7, read["""sizes_bytes_count{of="a"}"""]);
    }

    [Fact]
    public void Seconds_without_advice_have_buckets_from_a_microsecond_to_ten_seconds()
    {
        Meter.CreateHistogram<double>("wait", "s").Record(0.03);

        var read = _exported.Read();
        Assert.Equal("histogram", read.Types["wait_seconds"]);
        Assert.Equal(0, read["""wait_seconds_bucket{le="1e-06"}"""]);
        Assert.Equal(0, read["""wait_seconds_bucket{le="0.025"}"""]);
        Assert.Equal(1, read["""wait_seconds_bucket{le="0.05"}"""]);
        Assert.Equal(1, read["""wait_seconds_bucket{le="10"}"""]);
        Assert.Equal(0.03, read["wait_seconds_sum"]);
    }

    [Fact]
    public void What_would_spoil_a_sum_for_good_is_left_out()
    {
        var wait = Meter.CreateHistogram<double>("wait", "s");
        wait.Record(1);
        wait.Record(double.NaN);
        wait.Record(double.PositiveInfinity);
        var counter = Meter.CreateCounter<long>("made");
        counter.Add(3);
        counter.Add(-1);

        var read = _exported.Read();
        Assert.Equal(1, read["wait_seconds_sum"]);
        Assert.Equal(1, read["wait_seconds_count"]);
        Assert.Equal(3, read["made_total"]);
    }

    [Fact]
    public void Labels_and_help_are_escaped()
    {
        Meter.CreateCounter<long>("odd", null, "One \\ two\nthree \"four\"").Add(1, Tag("path", "C:\\a\n\"b\" ä}"));

        var read = _exported.Read();
        Assert.Equal(1, read["""odd_total{path="C:\\a\n\"b\" ä}"}"""]);
        Assert.Equal("""One \\ two\nthree "four" """.TrimEnd(), read.Helps["odd_total"]);
    }

    [Fact]
    public void Tags_that_read_the_same_are_one_series()
    {
        var counter = Meter.CreateCounter<long>("mixed");

        counter.Add(1, Tag("a", 1), Tag("b", true));
        counter.Add(1, Tag("b", true), Tag("a", 1));
        counter.Add(1, Tag("b", "true"), Tag("a", "1"));
        counter.Add(1, Tag("b", "true"), Tag("a", "1"), Tag("c", null));

        Assert.Equal(4, _exported.Read()["""mixed_total{a="1",b="true"}"""]);
    }

    [Fact]
    public void Labels_that_Prometheus_keeps_for_itself_get_other_names()
    {
        Meter.CreateHistogram<double>("wait", "s").Record(1, Tag("le", "x"), Tag("__name__", "y"), Tag("http.route", "/a"), Tag("http_route", "/b"));

        Assert.Equal(1, _exported.Read()["""wait_seconds_count{_name_="y",http_route="/a;/b",tag_le="x"}"""]);
    }

    [Fact]
    public void Series_beyond_the_bound_are_not_counted_and_told_as_refused()
    {
        using var few = new Exported(mostSeries: 16);
        var counter = few.Meter.CreateCounter<long>("people");
        for (var i = 0; i < 100; i++)
        {
            counter.Add(1, Tag("id", i));
            counter.Add(1, Tag("id", 3));
        }

        var read = few.Read();
        Assert.Equal(16, read.Samples.Count(sample => sample.Key.StartsWith("people_total", StringComparison.Ordinal)));
        Assert.Equal(101, read["""people_total{id="3"}"""]);
        Assert.Equal(84, read["personalization_metrics_refused_total"]);
    }

    [Fact]
    public void A_gauge_that_no_longer_tells_of_something_is_not_told_of_it()
    {
        Measurement<long>[] lags = [new(5, Tag("partition", 0)), new(9, Tag("partition", 1))];
        Meter.CreateObservableGauge("lag", () => lags);
        Assert.Equal(9, _exported.Read()["""lag{partition="1"}"""]);

        lags = [new(4, Tag("partition", 0))];
        var read = _exported.Read();
        Assert.Equal(4, read["""lag{partition="0"}"""]);
        Assert.False(read.Has("""lag{partition="1"}"""));

        lags = [];
        Assert.DoesNotContain("lag", _exported.Read().Types.Keys);
    }

    [Fact]
    public void A_broken_gauge_does_not_blind_the_others()
    {
        Meter.CreateObservableGauge("broken", Break);
        Meter.CreateObservableCounter("fine", () => 3L);

        var read = _exported.Read();
        Assert.Equal(3, read["fine_total"]);
        Assert.DoesNotContain("broken", read.Types.Keys);

        static long Break() => throw new InvalidOperationException();
    }

    [Fact]
    public void Instruments_that_contradict_each_other_do_not_share_a_name()
    {
        Meter.CreateCounter<long>("one").Add(1);
        Meter.CreateGauge<long>("one.total").Record(9);
        _exported.Meters.Create("Personalization.Others").CreateCounter<long>("one").Add(2);

        Assert.Equal(3, _exported.Read()["one_total"]);
    }

    [Fact]
    public void Meters_of_others_are_not_heard()
    {
        using var stranger = new Meter("Elsewhere");
        stranger.CreateCounter<long>("strange").Add(1);
        using var neighbour = new Exported();
        neighbour.Meter.CreateCounter<long>("next.door").Add(1);

        var read = _exported.Read();
        Assert.DoesNotContain("strange_total", read.Types.Keys);
        Assert.DoesNotContain("next_door_total", read.Types.Keys);
    }

    [Fact]
    public void Nothing_is_lost_when_many_threads_count()
    {
        var counter = Meter.CreateCounter<double>("busy");
        var wait = Meter.CreateHistogram<double>("wait", "s");

        Parallel.For(0, 40_000, i =>
        {
            counter.Add(1, Tag("id", i % 40));
            wait.Record(1, Tag("id", i % 40));
        });

        var read = _exported.Read();
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(1000, read[$$"""busy_total{id="{{i}}"}"""]);
            Assert.Equal(1000, read[$$"""wait_seconds_sum{id="{{i}}"}"""]);
            Assert.Equal(1000, read[$$"""wait_seconds_count{id="{{i}}"}"""]);
        }
    }

    [Fact]
    public void Measuring_known_tags_allocates_nothing()
    {
        var wait = Meter.CreateHistogram<double>("wait", "s");
        object status = 200;
        Measure(1_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Measure(10_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        // As many tags, and of as many kinds, as the server gives a request.
        void Measure(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var tags = new System.Diagnostics.TagList
                {
                    Tag("url.scheme", "http"),
                    Tag("http.request.method", "POST"),
                    Tag("network.protocol.version", "1.1"),
                    Tag("http.route", "/v1/decide"),
                    Tag("http.response.status_code", status),
                };
                wait.Record(0.001, tags);
            }
        }
    }

    private static KeyValuePair<string, object?> Tag(string key, object? value) => new(key, value);
}
