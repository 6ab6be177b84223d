using Microsoft.AspNetCore.Http;
using Personalization.Core.Automation;
using Personalization.Core.Events;

namespace Personalization.Api.Rest;

/// <summary>What a request's user agent says of who is behind it.</summary>
internal static class Automation
{
    /// <summary>Says whether it is a program by its own words.</summary>
    public static bool Is(HttpRequest request) => KnownBots.Match(request.Headers.UserAgent.Count == 0 ? null : request.Headers.UserAgent[0]);

    /// <summary>States that on events.</summary>
    public static void Mark(HttpRequest request, IReadOnlyList<Event> events)
    {
        if (!Is(request))
        {
            return;
        }

        foreach (var source in events)
        {
            source.MarkAutomated();
        }
    }
}
