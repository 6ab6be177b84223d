namespace Personalization.Core.Profiles;

public sealed partial class UserProfile
{
    /// <summary>Reads everything as of a time, in milliseconds since the Unix epoch.</summary>
    public ProfileView ViewAt(long now, Vocabulary words)
    {
        var seconds = (uint)Math.Clamp(now / 1000, 0, uint.MaxValue);
        return new ProfileView
        {
            Id = Id,
            Version = Version,
            FirstSeen = Sessions == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(FirstSeen),
            LastSeen = Sessions == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(LastSeen),
            Sessions = Sessions,
            Session = SessionAt(now),
            Events = _types.ToDictionary(type => type.Type, type => Counts(type, now)),
            Categories = Shares(_categories, seconds, words),
            Brands = Shares(_brands, seconds, words),
            RecentItems = [.. _recent.Entries.ToArray().Select(recent => (words[recent.Item], DateTimeOffset.FromUnixTimeSeconds(recent.At)))],
            Consent = Consent,
            Assignments = _assignments.ByExperiment(words),
            Devices = [.. Devices.ToArray().Select(device => device.Id)],
            Automation = _automation.At(now / 1000),
            AutomatedUntil = DateTimeOffset.FromUnixTimeSeconds(_automation.Until),
        };
    }

    private IReadOnlyDictionary<string, long> Counts(TypeTotal type, long now)
    {
        var counts = new Dictionary<string, long>();
        for (var window = 0; window < Window.All.Count; window++)
        {
            counts[Window.All[window].Name] = Count(type.Type, window, now);
        }

        counts["total"] = type.Total;
        return counts;
    }

    private static Dictionary<string, double> Shares(AffinitySet affinities, uint now, Vocabulary words)
    {
        var shares = new Dictionary<string, double>();
        foreach (var entry in affinities.Entries.ToArray().OrderByDescending(entry => entry.ValueAt(now)))
        {
            shares[words[entry.Symbol]] = affinities.Share(entry.Symbol, now);
        }

        return shares;
    }
}
