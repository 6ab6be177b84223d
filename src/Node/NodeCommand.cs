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
        var keys = new Option<string?>("--key-file")
        {
            Description = "A key ring (personalize keys new): profiles are encrypted at rest. Without it they are not.",
        };
        var command = new RootCommand("A personalization server in one process: events in, decisions out.") { urls, data, demo, hot, keys };
        command.SetAction((parsed, cancellation) => run(
            new NodeSettings(
                parsed.GetValue(urls)!,
                new NodeOptions { DataFolder = parsed.GetValue(data)!, MostHotProfiles = parsed.GetValue(hot), KeyFile = parsed.GetValue(keys) },
                parsed.GetValue(demo)),
            cancellation));
        return command;
    }
}
