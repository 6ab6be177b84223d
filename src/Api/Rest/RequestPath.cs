using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Personalization.Api.Rest;

/// <summary>Reads ids from paths.</summary>
internal static class RequestPath
{
    /// <summary>Reads the id that is the last segment of the path, every character of it.</summary>
    /// <remarks>The server leaves <c>%2F</c> undecoded in the path, where <c>%252F</c> would look the same; only the target as it was sent tells them apart.</remarks>
    public static string LastId(HttpContext context) => IdBefore(context, "");

    /// <summary>Reads the id that is the last segment of the path before a suffix such as <c>/features</c>, every character of it.</summary>
    public static string IdBefore(HttpContext context, string suffix)
    {
        var target = (context.Features.Get<IHttpRequestFeature>()?.RawTarget).AsSpan();
        var query = target.IndexOf('?');
        var path = (query < 0 ? target : target[..query]).TrimEnd('/');
        path = path.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) ? path[..^suffix.Length] : path;
        var slash = path.LastIndexOf('/');
        return slash < 0 ? Id(context) : Uri.UnescapeDataString(path[(slash + 1)..]);
    }

    /// <summary>Reads the route's <c>id</c>, for ids that hold no slash.</summary>
    public static string Id(HttpContext context) => (string)context.GetRouteValue("id")!;
}
