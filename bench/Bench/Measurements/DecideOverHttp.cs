using System.Text;
using System.Text.Json;
using Personalization.Bench.Load;
using Personalization.Bench.Workload;

namespace Personalization.Bench.Measurements;

/// <summary>Decisions over HTTP against an empty endpoint of the same process.</summary>
internal sealed class DecideOverHttp : IMeasurement
{
    private const int Everybody = 10_000;
    private const int Connections = 16;
    private const string Rate = "POST /v1/decide, 3 placements, 10 000 hot profiles, against GET /empty: requests/s";
    private const string Tail = "the same: p99 latency";

    public string Name => "decide-http";

    public async Task<IReadOnlyList<Row>> RunAsync(Effort effort)
    {
        if (Wrk.Missing is { } why)
        {
            return [Row.Skipped(Rate, why), Row.Skipped(Tail, why)];
        }

        await using var server = await ServerProcess.StartAsync(await Store.WithAsync(Everybody), Everybody);
        var answerBytes = await CheckAsync(server.Client, 0);
        var bodies = Bodies.Decides("decides", Everybody);
        await DecideAsync(effort.Seconds);
        await EmptyAsync(effort.Seconds);

        var pairs = new List<(Load.Load Decide, Load.Load Empty, Load.Load Carried)>();
        for (var round = 0; round < effort.Rounds; round++)
        {
            pairs.Add((await DecideAsync(effort.Seconds), await EmptyAsync(effort.Seconds), await CarriedAsync(effort.Seconds)));
        }

        var decide = Ratios.Of(pairs.Select(pair => pair.Decide.Rate));
        var empty = Ratios.Of(pairs.Select(pair => pair.Empty.Rate));
        return
        [
            Row.AtLeast(Rate, $"{Row.Text(decide)} against {Row.Text(empty)} requests/s; an answer has {answerBytes} bytes",
                new Ratios(pairs.Select(pair => pair.Decide.Rate / pair.Empty.Rate)), 0.6),
            Row.Info("POST of the same body, answered with as many bytes and nothing decided, against GET /empty: requests/s",
                $"{Row.Text(Ratios.Of(pairs.Select(pair => pair.Carried.Rate)))} requests/s: {new Ratios(pairs.Select(pair => pair.Carried.Rate / pair.Empty.Rate))}"),
            Row.AtMost(Tail, $"{Row.Text(Ratios.Of(pairs.Select(pair => pair.Decide.P99)))} against {Row.Text(Ratios.Of(pairs.Select(pair => pair.Empty.P99)))} µs, {Connections} connections",
                new Ratios(pairs.Select(pair => pair.Decide.P99 / pair.Empty.P99)), 3),
        ];

        Task<Load.Load> DecideAsync(int seconds) => Wrk.RunAsync(server.Url, "POST", "/v1/decide", bodies, Connections, seconds);

        Task<Load.Load> CarriedAsync(int seconds) =>
            Wrk.RunAsync(server.Url, "POST", $"/bench/carry?{answerBytes}", bodies, Connections, seconds);

        Task<Load.Load> EmptyAsync(int seconds) => Wrk.RunAsync(server.Url, "GET", "/empty", null, Connections, seconds);
    }

    /// <summary>Asks once, and makes sure that what is measured is the whole answer. Returns its size.</summary>
    public static async Task<int> CheckAsync(HttpClient client, int person)
    {
        using var body = new StringContent(Bodies.DecideFor(person), Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/v1/decide", body);
        var text = await response.Content.ReadAsStringAsync();
        using var json = JsonDocument.Parse(text);
        var placements = json.RootElement.GetProperty("placements");
        var items = placements.GetProperty("home.recs").GetProperty("items").GetArrayLength();
        return placements.EnumerateObject().Count() == 3 && items == 8 && text.Contains("recs", StringComparison.Ordinal)
            ? Encoding.UTF8.GetByteCount(text)
            : throw new InvalidOperationException($"The decision is not what is to be measured: {text}");
    }
}
