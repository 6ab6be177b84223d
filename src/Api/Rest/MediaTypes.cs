using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Personalization.Core;

namespace Personalization.Api.Rest;

/// <summary>Says what a body claims to be.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string JsonLines = "application/x-ndjson";

    /// <summary>Says whether the body is of a type, whatever the type's parameters.</summary>
    public static bool Is(HttpRequest request, string mediaType) =>
        request.ContentType is { } actual
        && actual.StartsWith(mediaType, StringComparison.OrdinalIgnoreCase)
        && (actual.Length == mediaType.Length || actual[mediaType.Length] is ';' or ' ');

    /// <summary>Refuses a request that has no body, or one of another type.</summary>
    /// <remarks>The type matters where something is changed: a browser sends no JSON to a foreign site without asking that site first.</remarks>
    public static void Require(HttpContext context, params ReadOnlySpan<string> mediaTypes)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            throw RefusedException.Invalid(new Problem("", "required", "The request has no body."));
        }

        foreach (var mediaType in mediaTypes)
        {
            if (Is(context.Request, mediaType))
            {
                return;
            }
        }

        throw new RefusedException(
            StatusCodes.Status415UnsupportedMediaType, $"The Content-Type here is {string.Join(" or ", mediaTypes!)}.");
    }
}
