using Personalization.Bench.Load;
using Personalization.Bench.Workload;

namespace Personalization.Bench.Measurements;

/// <summary>How the cost of a decision grows with the number of hot profiles. Three servers, asked in turn.</summary>
internal sealed class DecideGrowth : IMeasurement
{
    private const double Flat = 1.2;
    private const int Connections = 16;

    public string Name => "decide-growth";

    public async Task<IReadOnlyList<Row>> RunAsync(Effort effort)
    {
        int[] sizes = [1_000, effort.StoredProfiles / 10, effort.StoredProfiles];
        var servers = new List<ServerProcess>();
        try
        {
            foreach (var size in sizes)
            {
                servers.Add(await ServerProcess.StartAsync(await Store.WithAsync(size), size));
                await DecideOverHttp.CheckAsync(servers[^1].Client, size - 1);
            }

            var inProcess = await RoundsAsync(effort, servers, server => server.NumberAsync("/bench/decide"));
            var rows = new List<Row>(Rows(sizes, inProcess, "one decision in process, people at random", "µs"));
            if (Wrk.Missing is { } why)
            {
                rows.Add(Row.Skipped("the same over HTTP", why));
                return rows;
            }

            var bodies = sizes.Select(size => Bodies.Decides($"decides-{size}", size)).ToArray();
            var http = await RoundsAsync(effort, servers, async server =>
            {
                var load = await Wrk.RunAsync(server.Url, "POST", "/v1/decide", bodies[servers.IndexOf(server)], Connections, Math.Max(2, effort.Seconds - 2));
                return 1_000_000 / load.Rate;
            });
            rows.AddRange(Rows(sizes, http, "one decision over HTTP, people at random", "µs of the server"));
            return rows;
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>Asks every server in every round, after one that does not count, and gives what each answered.</summary>
    private static async Task<List<double[]>> RoundsAsync(Effort effort, List<ServerProcess> servers, Func<ServerProcess, Task<double>> ask)
    {
        var rounds = new List<double[]>();
        for (var round = 0; round <= effort.Rounds; round++)
        {
            var answers = new double[servers.Count];
            for (var i = 0; i < answers.Length; i++)
            {
                answers[i] = await ask(servers[i]);
            }

            rounds.Add(answers);
        }

        return rounds[1..];
    }

    private static IEnumerable<Row> Rows(int[] sizes, List<double[]> rounds, string what, string unit)
    {
        for (var i = 1; i < sizes.Length; i++)
        {
            var index = i;
            yield return Row.AtMost(
                $"{what}: {Row.Text(sizes[i])} hot profiles against {Row.Text(sizes[0])}",
                $"{Row.Text(Ratios.Of(rounds.Select(round => round[index])))} against {Row.Text(Ratios.Of(rounds.Select(round => round[0])))} {unit}",
                new Ratios(rounds.Select(round => round[index] / round[0])), Flat);
        }
    }
}
