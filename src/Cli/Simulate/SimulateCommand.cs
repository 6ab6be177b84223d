using System.CommandLine;
using System.Globalization;
using Personalization.Cli.Apply;
using Personalization.Cli.Events;
using Personalization.Cli.Http;
using Personalization.Cli.Output;
using Personalization.Cli.Replay;

namespace Personalization.Cli.Simulate;

/// <summary><c>personalize simulate</c>.</summary>
internal static class SimulateCommand
{
    private const long UsualEvents = 10_000;
    private const double DemoRate = 20;
    private const double UsualDays = 7;
    private const string DemoConfiguration = "demo.yaml";

    // Files don't depend on when they are made.
    private static readonly DateTimeOffset FileStart = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Simulation Usual = new();

    private static readonly Option<int> People = new Option<int>("--people")
    {
        Description = "How many visitors there are.",
        HelpName = "N",
        DefaultValueFactory = _ => Usual.People,
    }.Within(1, 10_000_000);

    private static readonly Option<int> Items = new Option<int>("--items")
    {
        Description = "How many products the shop has.",
        HelpName = "N",
        DefaultValueFactory = _ => Usual.Items,
    }.Within(16, 1_000_000);

    private static readonly Option<long> Events = new Option<long>("--events")
    {
        Description = $"Stop after so many events. Without this and without --duration it is {UsualEvents}; with --demo it goes on until interrupted.",
        HelpName = "N",
    }.Within(1L, 1_000_000_000_000L);

    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "Decides what the catalog, the visitors and their visits are. The same seed gives the same.",
        HelpName = "S",
        DefaultValueFactory = _ => Usual.Seed,
    };

    private static readonly Option<double> Rate = new Option<double>("--rate")
    {
        Description = $"The most events a second, like 50 or 50/s. Without it as fast as the server answers; with --demo {DemoRate}.",
        HelpName = "N/s",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!double.TryParse(text.EndsWith("/s", StringComparison.Ordinal) ? text[..^2] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate))
            {
                result.AddError($"--rate is a number of events a second, like 50 or 50/s, not '{text}'.");
            }

            return rate;
        },
    }.Within(0.001, 1e9);

    private static readonly Option<double> Duration = new Option<double>("--duration")
    {
        Description = "Stop after so many seconds. With --out these are seconds of the simulated time.",
        HelpName = "S",
    }.Within(0.001, 1e9);

    private static readonly Option<double> DecideShare = new Option<double>("--decide")
    {
        Description = "The share of the home and product pages that ask the server what to show, 0 to 1; what is shown is reacted to.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => Usual.DecideShare,
    }.Within(0.0, 1.0);

    private static readonly Option<double> History = new Option<double>("--history")
    {
        Description = "Spread the events over the last D days instead of now. No page asks for decisions then.",
        HelpName = "D",
    }.Within(0.01, 3650);

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "Write the events to a file as NDJSON, for 'replay', and send nothing. The same options give the same bytes: "
            + "the visits begin at the start of 2025 and, unless --history says otherwise, fill 7 days.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> OutCatalog = new("--out-catalog")
    {
        Description = "With --out: write the catalog to a JSON file, for 'apply'.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Demo = new("--demo")
    {
        Description = "First configure the placements home.recs and product.recs (samples/demo.yaml), then keep a calm traffic going until interrupted.",
    };

    public static Command Create(Terminal terminal, Option<Uri> server)
    {
        var concurrency = ConcurrencyOption.Create("How many visitors are served at a time.");
        var command = new Command(
            "simulate",
            "Invents a shop and its visitors: they look around, search, follow what belongs together, react to what is recommended, and buy. "
            + "Sends the catalog and then their events to the server, or writes a file.")
        {
            People, Items, Events, Seed, Rate, Duration, DecideShare, History, Out, OutCatalog, Demo, concurrency,
        };
        command.Validators.Add(result =>
        {
            bool Has(Option option) => result.GetResult(option) is { Implicit: false };
            if (Has(Out) && (Has(Demo) || Has(Rate)))
            {
                result.AddError("--out sends nothing, so --demo and --rate have no meaning with it.");
            }

            if (Has(OutCatalog) && !Has(Out))
            {
                result.AddError("--out-catalog goes with --out.");
            }
        });
        command.SetAction((parsed, ct) =>
        {
            bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };
            var demo = parsed.GetValue(Demo);
            var simulation = new Simulation
            {
                People = parsed.GetValue(People),
                Items = parsed.GetValue(Items),
                Seed = parsed.GetValue(Seed),
                Events = Has(Events) ? parsed.GetValue(Events) : Has(Duration) || demo ? null : UsualEvents,
                Rate = Has(Rate) ? parsed.GetValue(Rate) : demo ? DemoRate : Usual.Rate,
                Duration = Has(Duration) ? TimeSpan.FromSeconds(parsed.GetValue(Duration)) : null,
                DecideShare = parsed.GetValue(DecideShare),
                Concurrency = parsed.GetValue(concurrency),
            };
            TimeSpan? history = Has(History) ? TimeSpan.FromDays(parsed.GetValue(History)) : null;
            return parsed.GetValue(Out) is { } file
                ? WriteAsync(terminal, simulation, history, file, parsed.GetValue(OutCatalog), ct)
                : SendAsync(terminal, parsed.GetRequiredValue(server), simulation, history, demo, ct);
        });
        return command;
    }

    private static async Task<int> WriteAsync(
        Terminal terminal, Simulation simulation, TimeSpan? history, string file, string? catalogFile, CancellationToken ct)
    {
        var shop = ShopCatalog.Invent(simulation.Items, simulation.Seed);
        if (catalogFile is not null)
        {
            await File.WriteAllBytesAsync(catalogFile, Item.SerializeMany(shop.Products.Select(product => product.Item)), ct);
        }

        var run = FormattableString.Invariant($"sim{simulation.Seed}");
        var traffic = new Traffic();
        await using (var stream = File.Create(file))
        {
            foreach (var made in Spread(simulation, shop, run, FileStart, history ?? simulation.Duration ?? TimeSpan.FromDays(UsualDays)))
            {
                ct.ThrowIfCancellationRequested();
                stream.Write(EventJson.Serialize(made));
                stream.WriteByte((byte)'\n');
                traffic.Add(made);
            }
        }

        traffic.WriteTo(terminal.Out);
        return 0;
    }

    private static async Task<int> SendAsync(
        Terminal terminal, Uri address, Simulation simulation, TimeSpan? history, bool demo, CancellationToken ct)
    {
        var shop = ShopCatalog.Invent(simulation.Items, simulation.Seed);
        using var server = new PersonalizationServer(address, terminal);
        await Catalog.PutAsync(server, [.. shop.Products.Select(product => product.Item)], ct);
        if (demo)
        {
            await ConfigureDemoAsync(server, ct);
        }

        // The same visitors may come again in another run; what they do then is new.
        var run = $"sim-{Guid.NewGuid():N}"[..12];
        var traffic = new Traffic();
        var rejections = new Rejections();
        if (history is { } span)
        {
            var events = Spread(simulation, shop, run, terminal.Time.GetUtcNow() - span, span)
                .Select(made =>
                {
                    traffic.Add(made);
                    return OutgoingEvent.Of(made, traffic.Events);
                });
            double? Done() => simulation.Events is { } limit ? Math.Min(1, (double)traffic.Events / limit) : null;
            await Replayer.RunAsync(terminal, server, events, Done, Speed.Max, simulation.Concurrency, rejections, ct);
        }
        else
        {
            var live = new LiveTraffic(server, shop, simulation, traffic, rejections, terminal.Time).RunAsync(run, ct);
            ProgressPoint Look() => new(traffic.Events, simulation.Events is { } limit ? (double)traffic.Events / limit : null);
            await ProgressReport.WatchAsync(terminal, "simulating", "events", Look, live);
        }

        traffic.WriteTo(terminal.Out);
        rejections.WriteTo(terminal.Error);
        return rejections.Count == 0 ? 0 : 1;
    }

    private static IEnumerable<Event> Spread(Simulation simulation, ShopCatalog shop, string run, DateTimeOffset start, TimeSpan span)
    {
        var events = simulation.Events ?? UsualEvents;
        var betweenVisits = Crowd.BetweenVisits(simulation.People, events, span);
        return simulation.Crowd(shop, run, start, betweenVisits).Events(events, start + span);
    }

    private static async Task ConfigureDemoAsync(PersonalizationServer server, CancellationToken ct)
    {
        using var content = new StreamReader(typeof(SimulateCommand).Assembly.GetManifestResourceStream(DemoConfiguration)!);
        var configuration = new ConfigurationSet();
        configuration.Add(ConfigurationFile.Read(DemoConfiguration, content));
        var (_, problem) = await server.ConfigureAsync(configuration.ToRequest(), dryRun: false, ct);
        if (problem is not null)
        {
            throw new UserError($"The server refused the demo's configuration: {problem.InOneLine()}");
        }
    }
}
