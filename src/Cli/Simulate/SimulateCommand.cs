using System.CommandLine;
using Personalization.Cli.Events;
using Personalization.Cli.Http;
using Personalization.Cli.Output;
using Personalization.Cli.Replay;

namespace Personalization.Cli.Simulate;

/// <summary><c>personalize simulate</c>.</summary>
internal static class SimulateCommand
{
    private const double UsualDays = 7;

    // Files don't depend on when they are made.
    private static readonly DateTimeOffset FileStart = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Command Create(Terminal terminal, Option<Uri> server)
    {
        var command = new Command(
            "simulate",
            "Invents a shop and its visitors: they look around, search, follow what belongs together, react to what is recommended, "
            + "and buy. Sends the catalog and then their events to the server, or writes a file.")
        {
            SimulateOptions.People, SimulateOptions.Items, SimulateOptions.Events, SimulateOptions.Seed, SimulateOptions.Rate,
            SimulateOptions.Duration, SimulateOptions.DecideShare, SimulateOptions.History, SimulateOptions.Out, SimulateOptions.OutCatalog,
            SimulateOptions.Concurrency,
        };
        command.Validators.Add(SimulateOptions.Check);
        command.SetAction((parsed, ct) =>
        {
            var simulation = SimulateOptions.Read(parsed);
            return parsed.GetValue(SimulateOptions.Out) is { } file
                ? WriteAsync(terminal, simulation, file, parsed.GetValue(SimulateOptions.OutCatalog), ct)
                : SendAsync(terminal, parsed.GetRequiredValue(server), simulation, ct);
        });
        return command;
    }

    private static async Task<int> WriteAsync(
        Terminal terminal, Simulation simulation, string file, string? catalogFile, CancellationToken ct)
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
            var span = simulation.History ?? simulation.Duration ?? TimeSpan.FromDays(UsualDays);
            foreach (var made in Spread(simulation, shop, run, FileStart, span))
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

    private static async Task<int> SendAsync(Terminal terminal, Uri address, Simulation simulation, CancellationToken ct)
    {
        var shop = ShopCatalog.Invent(simulation.Items, simulation.Seed);
        using var server = new PersonalizationServer(address, terminal);
        await Catalog.PutAsync(server, [.. shop.Products.Select(product => product.Item)], ct);
        // The same visitors may come again in another run; what they do then is new.
        var run = $"sim-{Guid.NewGuid():N}"[..12];
        var traffic = new Traffic();
        var rejections = new Rejections();
        if (simulation.History is { } span)
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
        var events = simulation.Events ?? SimulateOptions.UsualEvents;
        var betweenVisits = Crowd.BetweenVisits(simulation.People, events, span);
        return simulation.Crowd(shop, run, start, betweenVisits).Events(events, start + span);
    }
}
