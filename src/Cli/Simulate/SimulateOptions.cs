using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Personalization.Cli.Simulate;

/// <summary>The options of <c>personalize simulate</c>.</summary>
internal static class SimulateOptions
{
    /// <summary>How many events are made where nobody says when to stop.</summary>
    public const long UsualEvents = 10_000;

    private static readonly Simulation Usual = new();

    public static readonly Option<int> People = new Option<int>("--people")
    {
        Description = "How many visitors there are.",
        HelpName = "N",
        DefaultValueFactory = _ => Usual.People,
    }.Within(1, 10_000_000);

    public static readonly Option<int> Items = new Option<int>("--items")
    {
        Description = "How many products the shop has.",
        HelpName = "N",
        DefaultValueFactory = _ => Usual.Items,
    }.Within(16, 1_000_000);

    public static readonly Option<long> Events = new Option<long>("--events")
    {
        Description = $"Stop after so many events. Without this and without --duration it is {UsualEvents}.",
        HelpName = "N",
    }.Within(1L, 1_000_000_000_000L);

    public static readonly Option<int> Seed = new("--seed")
    {
        Description = "Decides what the catalog, the visitors and their visits are. The same seed gives the same.",
        HelpName = "S",
        DefaultValueFactory = _ => Usual.Seed,
    };

    public static readonly Option<double> Rate = new Option<double>("--rate")
    {
        Description = "The most events a second, like 50 or 50/s. Without it as fast as the server answers.",
        HelpName = "N/s",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var number = text.EndsWith("/s", StringComparison.Ordinal) ? text[..^2] : text;
            if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate))
            {
                result.AddError($"--rate is a number of events a second, like 50 or 50/s, not '{text}'.");
            }

            return rate;
        },
    }.Within(0.001, 1e9);

    public static readonly Option<double> Duration = new Option<double>("--duration")
    {
        Description = "Stop after so many seconds. With --out these are seconds of the simulated time.",
        HelpName = "S",
    }.Within(0.001, 4e6);

    public static readonly Option<double> DecideShare = new Option<double>("--decide")
    {
        Description = "The share of the home and product pages that ask the server what to show, 0 to 1; what is shown is reacted to.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => Usual.DecideShare,
    }.Within(0.0, 1.0);

    public static readonly Option<double> History = new Option<double>("--history")
    {
        Description = "Spread the events over the last D days instead of now. No page asks for decisions then.",
        HelpName = "D",
    }.Within(0.01, 3650);

    public static readonly Option<string?> Out = new("--out")
    {
        Description = "Write the events to a file as NDJSON, for 'replay', and send nothing. The same options give the same bytes: "
            + "the visits begin at the start of 2025 and, unless --history says otherwise, fill 7 days.",
        HelpName = "FILE",
    };

    public static readonly Option<string?> OutCatalog = new("--out-catalog")
    {
        Description = "With --out: write the catalog to a JSON file, for 'apply'.",
        HelpName = "FILE",
    };

    public static readonly Option<int> Concurrency = ConcurrencyOption.Create("How many visitors are served at a time.");

    /// <summary>Reads what is to be simulated.</summary>
    public static Simulation Read(ParseResult parsed)
    {
        bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };
        return new Simulation
        {
            People = parsed.GetValue(People),
            Items = parsed.GetValue(Items),
            Seed = parsed.GetValue(Seed),
            Events = Has(Events) ? parsed.GetValue(Events) : Has(Duration) ? null : UsualEvents,
            Rate = Has(Rate) ? parsed.GetValue(Rate) : Usual.Rate,
            Duration = Has(Duration) ? TimeSpan.FromSeconds(parsed.GetValue(Duration)) : null,
            History = Has(History) ? TimeSpan.FromDays(parsed.GetValue(History)) : null,
            DecideShare = parsed.GetValue(DecideShare),
            Concurrency = parsed.GetValue(Concurrency),
        };
    }

    /// <summary>Refuses options that have no meaning together.</summary>
    public static void Check(CommandResult result)
    {
        bool Has(Option option) => result.GetResult(option) is { Implicit: false };
        if (Has(Out) && Has(Rate))
        {
            result.AddError("--out sends nothing, so --rate has no meaning with it.");
        }

        if (Has(OutCatalog) && !Has(Out))
        {
            result.AddError("--out-catalog goes with --out.");
        }

        if (Has(History) && (Has(Duration) || Has(Rate)))
        {
            result.AddError("--history is sent as fast as the server answers, so --duration and --rate have no meaning with it.");
        }
    }
}
