using System.CommandLine;

namespace Personalization.Node;

/// <summary>The command line of the executable.</summary>
internal static class NodeCommand
{
    public static RootCommand Build(Func<NodeSettings, CancellationToken, Task<int>> run)
    {
        var urls = new Option<string>("--urls")
        {
            Description = "Where to listen, on loopback: http://127.0.0.1:8080. Port 0 takes a free one.",
            DefaultValueFactory = _ => "http://127.0.0.1:8080",
        };
        var data = new Option<string>("--data")
        {
            Description = "The folder that everything is kept in; it is made where it is missing.",
            DefaultValueFactory = _ => "data",
        };
        var demo = new Option<bool>("--demo") { Description = "Set up the demo shop, if the data folder is new." };
        var hot = new Option<int>("--hot-profiles")
        {
            Description = "How many profiles stay in memory, 1 000 or more; about 2 KB each.",
            DefaultValueFactory = _ => 1_000_000,
        };
        hot.Validators.Add(result =>
        {
            if (result.GetValue(hot) < 1000)
            {
                result.AddError("--hot-profiles is 1000 or more.");
            }
        });
        var geo = new Option<string>("--geo-db") { Description = "A MaxMind DB file (.mmdb) that tells countries of addresses. None: geo.country is missing." };
        var proxies = new Option<int>("--proxies")
        {
            Description = "How many proxies in front append to X-Forwarded-For; 0: the header is not looked at.",
            DefaultValueFactory = _ => 0,
        };
        proxies.Validators.Add(result =>
        {
            if (result.GetValue(proxies) is < 0 or > 16)
            {
                result.AddError("--proxies is 0 to 16.");
            }
        });
        var command = new RootCommand("A personalization server in one process: events in, decisions out.") { urls, data, demo, hot, geo, proxies };
        command.SetAction((parsed, cancellation) => run(
            new NodeSettings(
                parsed.GetValue(urls)!,
                new NodeOptions { DataFolder = parsed.GetValue(data)!, MostHotProfiles = parsed.GetValue(hot) },
                parsed.GetValue(demo),
                parsed.GetValue(geo),
                parsed.GetValue(proxies)),
            cancellation));
        return command;
    }
}
