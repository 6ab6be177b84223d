using Personalization.Core;
using Personalization.Deploy.Tests;

namespace Personalization.Api.Tests.Metrics;

public sealed class MetricsEndpointTests : IAsyncLifetime, IDisposable
{
    // A server for each test, so that each counts from 0.
    private readonly ApiServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task It_answers_Prometheus_text_with_the_metrics_of_the_product_the_server_and_the_runtime()
    {
        using var answer = await _server.Http.GetAsync("/metrics");

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var read = await ReadAsync();
        Assert.Equal("counter", read.Types["personalization_decisions_dropped_total"]);
        Assert.Equal("histogram", read.Types["http_server_request_duration_seconds"]);
        Assert.Equal("gauge", read.Types["kestrel_active_connections"]);
        Assert.Equal("counter", read.Types["dotnet_gc_collections_total"]);
    }

    [Fact]
    public async Task Every_metric_of_ours_that_the_dashboards_ask_for_is_told()
    {
        await _server.PostAsync("/v1/decide", """{"userId":"me"}""");

        var read = await ReadAsync();
        var asked = MetricNames.All.Where(name => name.StartsWith("personalization_", StringComparison.Ordinal) && !name.Contains("_kafka_", StringComparison.Ordinal));
        Assert.Empty(asked.Except(read.Names));
    }

    [Fact]
    public async Task Events_are_counted_by_what_became_of_them()
    {
        const string Batch =
            """
            {"events":[
              {"messageId":"1","type":"view","userId":"a"},
              {"messageId":"2","type":"view","userId":"b"},
              {"messageId":"2","type":"view","userId":"b"},
              {"messageId":"3","type":"view","userId":"c","consent":{"personalization":false}},
              {"messageId":"4","type":"view"}]}
            """;
        Assert.Equal(0, (await ReadAsync())["""personalization_events_ingested_total{result="accepted"}"""]);

        (await _server.PostAsync("/v1/events", Batch)).Is(202);
        (await _server.PostAsync("/v1/events", """{"messageId":"5","type":"view","userId":"a"}""" + "\nnothing\n", "application/x-ndjson")).Is(202);

        var read = await ReadAsync();
        Assert.Equal(3, read["""personalization_events_ingested_total{result="accepted"}"""]);
        Assert.Equal(1, read["""personalization_events_ingested_total{result="duplicate"}"""]);
        Assert.Equal(1, read["""personalization_events_ingested_total{result="dropped"}"""]);
        Assert.Equal(2, read["""personalization_events_ingested_total{result="rejected"}"""]);
        Assert.Equal(2, read["personalization_profiles_hot"]);
    }

    [Fact]
    public async Task Decisions_are_counted_by_what_came_of_them()
    {
        const string Configuration =
            """
            {"experiences":{"banner":{"patches":[{"op":"hide","selector":"h1"}]}},
             "placements":{"hero":{"experiences":[{"id":"banner"}]},"none":{"experiences":[]}}}
            """;
        (await _server.PostAsync("/v1/configuration", Configuration)).Is(200);
        await DecideAsync("""{"userId":"me"}""");
        _server.Personalizer.IsRemote = true;
        await DecideAsync("""{"userId":"me","placements":["hero"]}""");
        await DecideAsync("""{"userId":"me","placements":["none","nowhere"]}""");
        await DecideAsync("""{"userId":"me","minProfileVersion":99}""");
        _server.Personalizer.DecisionFailure = new UnavailableException("The store is silent.", TimeSpan.FromSeconds(1));
        await DecideAsync("""{"userId":"me"}""");
        _server.Personalizer.IsRemote = false;
        await DecideAsync("""{"userId":"me"}""");
        await DecideAsync("""{"nobody":true}""");

        var read = await ReadAsync();
        Assert.Equal(2, read["""personalization_decision_duration_seconds_count{outcome="ok"}"""]);
        Assert.Equal(1, read["""personalization_decision_duration_seconds_count{outcome="control"}"""]);
        Assert.Equal(1, read["""personalization_decision_duration_seconds_count{outcome="stale"}"""]);
        Assert.Equal(2, read["""personalization_decision_duration_seconds_count{outcome="failed"}"""]);
        Assert.Equal(7, read.Samples.Where(sample => IsRequestCount(sample.Key, "/v1/decide")).Sum(sample => sample.Value));

        Task<Answer> DecideAsync(string json) => _server.PostAsync("/v1/decide", json);
    }

    [PromtoolFact]
    public async Task Promtool_finds_no_fault_in_it()
    {
        await _server.PostAsync("/v1/decide", """{"userId":"me"}""");
        var text = await _server.Http.GetStringAsync("/metrics");

        var (_, said) = await PromtoolFactAttribute.RunAsync(text, "check", "metrics");

        // Names of the runtime end with _count where a gauge should not; they are not ours to mend.
        Assert.DoesNotContain(said.Split('\n'), line => line.Length > 0 && !line.StartsWith("dotnet_", StringComparison.Ordinal));
    }

    private static bool IsRequestCount(string sample, string route) =>
        sample.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal)
        && sample.Contains($"http_route=\"{route}\"", StringComparison.Ordinal);

    private async Task<Exposition> ReadAsync() => Exposition.Read(await _server.Http.GetStringAsync("/metrics"));
}
