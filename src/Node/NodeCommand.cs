using System.CommandLine;
using Personalization.Core.Privacy;

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
        var keys = new Option<string?>("--key-file")
        {
            Description = "A key ring (personalize keys new): profiles are encrypted at rest. Without it they are not.",
        };
        var unknown = new Option<string>("--unknown-consent")
        {
            Description = "What holds where a person said nothing: allow or deny.",
            DefaultValueFactory = _ => "allow",
        };
        unknown.AcceptOnlyFromAmong("allow", "deny");
        var gpc = Purposes("--gpc-denies", "The purposes that Sec-GPC: 1 denies, separated by commas. Empty: none.", PrivacySignals.Default.GlobalPrivacyControl);
        var dnt = Purposes("--dnt-denies", "The purposes that DNT: 1 denies, separated by commas. Empty: none.", PrivacySignals.Default.DoNotTrack);
        var command = new RootCommand("A personalization server in one process: events in, decisions out.")
        {
            urls, data, demo, hot, unknown, gpc, dnt, keys, geo, proxies,
        };
        command.SetAction((parsed, cancellation) => run(
            new NodeSettings(
                parsed.GetValue(urls)!,
                new NodeOptions
                {
                    DataFolder = parsed.GetValue(data)!,
                    MostHotProfiles = parsed.GetValue(hot),
                    KeyFile = parsed.GetValue(keys),
                    Consent = new ConsentPolicy(DeniesUnknown: parsed.GetValue(unknown) == "deny"),
                },
                new PrivacySignals(PurposeNames.ParseList(parsed.GetValue(gpc)!)!.Value, PurposeNames.ParseList(parsed.GetValue(dnt)!)!.Value),
                parsed.GetValue(demo),
                parsed.GetValue(geo),
                parsed.GetValue(proxies)),
            cancellation));
        return command;
    }

    private static Option<string> Purposes(string name, string description, Purposes usual)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => PurposeNames.List(usual) };
        option.Validators.Add(result =>
        {
            if (PurposeNames.ParseList(result.GetValue(option) ?? "") is null)
            {
                result.AddError($"{name} names something that is no purpose. {PurposeNames.Known}");
            }
        });
        return option;
    }
}
