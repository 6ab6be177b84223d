using Personalization.Bench.Load;
using Personalization.Bench.Workload;

namespace Personalization.Bench.Cluster;

/// <summary>Decisions over HTTP: a silo against a node that was fed the same, a silo that holds the people against one that doesn't, and more silos against one.</summary>
internal sealed class SiloDecide : IMeasurement
{
    private const int Everybody = 10_000;
    private const int Events = 120_000;
    private const int Connections = 16;
    private const int MostSilos = 3;
    private const string AgainstNode = "POST /v1/decide at a silo, 3 placements, 10 000 hot profiles, against a node that was fed the same events: requests/s";
    private const string Remote = "the same at a silo that has nobody in memory, against the one that has everybody: requests/s";

    private readonly string _bodies = Bodies.Decides("cluster-decides", Everybody);

    public string Name => "cluster-decide";

    public async Task<IReadOnlyList<Row>> RunAsync(Effort effort)
    {
        if ((Wrk.Missing ?? ClusterUnderLoad.Missing) is { } why)
        {
            return [Row.Skipped(AgainstNode, why), Row.Skipped(Remote, why)];
        }

        await using var cluster = await ClusterUnderLoad.StartAsync();
        await FeedAsync([cluster.Silos[0].Client]);
        await cluster.UntilStoredAsync(Events);
        return [await AgainstNodeAsync(cluster, effort), await RemoteAsync(cluster, effort), .. await ManyAsync(cluster, effort)];
    }

    private async Task<Row> AgainstNodeAsync(ClusterUnderLoad cluster, Effort effort)
    {
        var folder = Folders.Fresh("cluster-node");
        using (var personalizer = Store.Open(folder))
        {
            await Shop.OpenAsync(personalizer);
        }

        await using var node = await ServerProcess.StartAsync(folder, 0);
        await FeedAsync([node.Client]);
        var rounds = await RoundsAsync(effort, [cluster.Silos[0].Url], [node.Url]);
        return Row.Info(AgainstNode, $"{Text(rounds)}; p99 {new Ratios(rounds.Select(round => round.First.P99 / round.Second.P99))}");
    }

    private async Task<Row> RemoteAsync(ClusterUnderLoad cluster, Effort effort)
    {
        await cluster.AddAsync();
        await Feed.UntilWholeAsync(cluster.Silos[1].Client);
        var rounds = await RoundsAsync(effort, [cluster.Silos[1].Url], [cluster.Silos[0].Url]);
        return Row.Info(Remote, $"{Text(rounds)}; {await cluster.Silos[1].HotProfilesAsync()} of {Everybody} people were in the memory of the one asked");
    }

    /// <summary>Each number of silos from an empty memory, everybody asked for once all around; the load goes to all of them.</summary>
    private async Task<IReadOnlyList<Row>> ManyAsync(ClusterUnderLoad cluster, Effort effort)
    {
        var rates = new List<double>();
        var rows = new List<Row>();
        for (var silos = 1; silos <= MostSilos; silos++)
        {
            await cluster.RenewAsync(silos);
            await Feed.WarmAsync([.. cluster.Silos.Select(silo => silo.Client)], Everybody);
            await Feed.UntilWholeAsync(cluster.Silos[^1].Client);
            string[] urls = [.. cluster.Silos.Select(silo => silo.Url)];
            await LoadAsync(urls, effort.Seconds);
            var measured = new List<double>();
            for (var round = 0; round < effort.Rounds; round++)
            {
                measured.Add((await LoadAsync(urls, effort.Seconds)).Rate);
            }

            rates.Add(Ratios.Of(measured));
            var hot = await Task.WhenAll(cluster.Silos.Select(silo => silo.HotProfilesAsync()));
            rows.Add(Row.Info($"{silos} silo(s) of one machine, people spread over them, load on all: requests/s",
                $"{Row.Text(rates[^1])} requests/s, {Row.Text(rates[^1] / rates[0])} of one silo's; hot {string.Join(" + ", hot)}"));
        }

        return rows;
    }

    private async Task<List<(Load.Load First, Load.Load Second)>> RoundsAsync(Effort effort, string[] first, string[] second)
    {
        await LoadAsync(first, effort.Seconds);
        await LoadAsync(second, effort.Seconds);
        var rounds = new List<(Load.Load, Load.Load)>();
        for (var round = 0; round < effort.Rounds; round++)
        {
            rounds.Add((await LoadAsync(first, effort.Seconds), await LoadAsync(second, effort.Seconds)));
        }

        return rounds;
    }

    /// <summary>Loads all of some servers at once, with as many connections in all as one alone gets.</summary>
    private async Task<Load.Load> LoadAsync(string[] urls, int seconds)
    {
        var loads = await Task.WhenAll(urls.Select((url, i) =>
            Wrk.RunAsync(url, "POST", "/v1/decide", _bodies, (Connections + i) / urls.Length, seconds)));
        return new Load.Load(loads.Sum(load => load.Rate), loads.Max(load => load.Median), loads.Max(load => load.P99));
    }

    private static async Task FeedAsync(IReadOnlyList<HttpClient> servers)
    {
        await Feed.SendAsync(servers, Everybody, run: 1, Events);
        await Feed.WarmAsync(servers, Everybody);
        await Feed.UntilWholeAsync(servers[0]);
    }

    private static string Text(List<(Load.Load First, Load.Load Second)> rounds) =>
        $"{Row.Text(Ratios.Of(rounds.Select(round => round.First.Rate)))} against {Row.Text(Ratios.Of(rounds.Select(round => round.Second.Rate)))} requests/s: "
        + $"{new Ratios(rounds.Select(round => round.First.Rate / round.Second.Rate))}";
}
