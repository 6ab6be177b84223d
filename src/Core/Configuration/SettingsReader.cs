using System.Text.Json;
using Personalization.Core.Features;

namespace Personalization.Core.Configuration;

/// <summary>Reads the settings, of which there is one document, <c>shop</c>: <c>{"timeZone"?, "hemisphere"?, "hosts"?, "rfm"?, "lifecycle"?}</c>.</summary>
internal static class SettingsReader
{
    /// <summary>The id of the one document of settings.</summary>
    public const string Id = "shop";

    private const int MostHosts = 100;
    private const double MostDays = 3660;
    private const double Most = 1e12;

    public static ShopSettings Read(ConfigurationSet set, ICollection<Problem> problems)
    {
        var settings = ShopSettings.Default;
        foreach (var document in set.Of(ConfigurationKind.Setting))
        {
            var path = $"settings.{document.Id}";
            if (document.Id == Id)
            {
                settings = Read(document.Body, path, problems);
            }
            else
            {
                problems.Add(new Problem(path, "invalid_id", $"There is one document of settings, \"{Id}\"."));
            }
        }

        return settings;
    }

    private static ShopSettings Read(JsonElement json, string path, ICollection<Problem> problems)
    {
        var reader = new DocumentReader(json, path, problems);
        reader.Text("description", 1000);
        var zone = TimeZoneInfo.Utc;
        if (reader.Text("timeZone", 64) is { } name && !TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone!))
        {
            reader.Fault("timeZone", "unknown_value", "This is the name of an IANA time zone, such as Europe/Berlin.");
            zone = TimeZoneInfo.Utc;
        }

        var settings = new ShopSettings
        {
            TimeZone = zone,
            IsSouthern = reader.Word("hemisphere", "north", "south") == "south",
            Hosts = Hosts(reader, problems),
            Rfm = reader.Element("rfm") is { } rfm ? Rfm(rfm, reader.PathOf("rfm"), problems) : RfmBounds.Default,
            Lifecycle = reader.Element("lifecycle") is { } life ? Lifecycle(life, reader.PathOf("lifecycle"), problems) : LifecycleBounds.Default,
        };
        reader.Finish();
        return settings;
    }

    private static List<string> Hosts(DocumentReader reader, ICollection<Problem> problems)
    {
        var hosts = new List<string>();
        foreach (var (json, path) in reader.List("hosts", MostHosts) ?? [])
        {
            var host = json.ValueKind == JsonValueKind.String ? json.GetString()! : "";
            if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            {
                problems.Add(new Problem(path, "invalid_host", "This is the name of a host, such as shop.example."));
            }

            hosts.Add(host.ToLowerInvariant());
        }

        return hosts;
    }

    private static RfmBounds Rfm(JsonElement json, string path, ICollection<Problem> problems)
    {
        var reader = new DocumentReader(json, path, problems);
        var bounds = new RfmBounds(
            Bounds(reader, "recencyDays", RfmBounds.Default.RecencyDays, problems),
            Bounds(reader, "orders", RfmBounds.Default.Orders, problems),
            Bounds(reader, "revenue", RfmBounds.Default.Revenue, problems));
        reader.Finish();
        return bounds;
    }

    private static IReadOnlyList<double> Bounds(DocumentReader reader, string name, IReadOnlyList<double> usual, ICollection<Problem> problems)
    {
        if (reader.List(name, 4) is not { } list)
        {
            return usual;
        }

        var bounds = new List<double>();
        foreach (var (json, path) in list)
        {
            if (json.ValueKind != JsonValueKind.Number || !(json.GetDouble() is >= 0 and <= Most) || (bounds.Count > 0 && json.GetDouble() < bounds[^1]))
            {
                problems.Add(new Problem(path, "out_of_range", "Bounds are numbers of at least 0, none less than the one before."));
                return usual;
            }

            bounds.Add(json.GetDouble());
        }

        if (bounds.Count != 4)
        {
            reader.Fault(name, "too_few", "Four bounds divide five scores.");
        }

        return bounds;
    }

    private static LifecycleBounds Lifecycle(JsonElement json, string path, ICollection<Problem> problems)
    {
        var usual = LifecycleBounds.Default;
        var reader = new DocumentReader(json, path, problems);
        var bounds = new LifecycleBounds(
            reader.Number("newDays", 0, MostDays) ?? usual.New,
            reader.Number("lapsingDays", 0, MostDays) ?? usual.Lapsing,
            reader.Number("churnedDays", 0, MostDays) ?? usual.Churned);
        if (bounds.Churned <= bounds.Lapsing)
        {
            reader.Fault("churnedDays", "out_of_range", "Somebody lapses before they have churned: churnedDays is more than lapsingDays.");
        }

        reader.Finish();
        return bounds;
    }
}
