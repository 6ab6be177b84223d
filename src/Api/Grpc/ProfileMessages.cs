using Google.Protobuf.WellKnownTypes;
using Personalization.Core.Profiles;

namespace Personalization.Api.Grpc;

/// <summary>Tells a profile.</summary>
internal static class ProfileMessages
{
    public static V1.Profile Write(ProfileView profile)
    {
        var message = new V1.Profile
        {
            Id = profile.Id,
            Version = profile.Version,
            FirstSeen = profile.FirstSeen is { } firstSeen ? Timestamp.FromDateTimeOffset(firstSeen) : null,
            LastSeen = profile.LastSeen is { } lastSeen ? Timestamp.FromDateTimeOffset(lastSeen) : null,
            Sessions = profile.Sessions,
            Session = profile.Session is { } session ? Write(session) : null,
            Affinities = new V1.Affinities(),
        };
        foreach (var (type, counts) in profile.Events)
        {
            var windows = new V1.EventCounts();
            foreach (var (window, count) in counts)
            {
                windows.Windows.Add(window, count);
            }

            message.Events.Add(type, windows);
        }

        foreach (var (category, share) in profile.Categories)
        {
            message.Affinities.Categories.Add(category, share);
        }

        foreach (var (brand, share) in profile.Brands)
        {
            message.Affinities.Brands.Add(brand, share);
        }

        foreach (var (item, at) in profile.RecentItems)
        {
            message.RecentItems.Add(new V1.RecentItem { Item = item, At = Timestamp.FromDateTimeOffset(at) });
        }

        foreach (var (experiment, variant) in profile.Assignments)
        {
            message.Assignments.Add(experiment, variant);
        }

        message.Segments.Add(profile.Segments);
        message.Consent.Add(ConsentMessages.Write(profile.Consent));
        message.Devices.Add(profile.Devices);
        return message;
    }

    private static V1.Session Write(Session session) => new()
    {
        Number = session.Number,
        StartedAt = Timestamps.Write(session.StartedAt),
        LastActiveAt = Timestamps.Write(session.LastActiveAt),
        Events = session.Events,
    };
}
