using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Personalization.Api.Rest;

/// <summary>
/// The probes: <c>/healthz</c> says that the process lives, <c>/readyz</c> that it can answer. There is no answer but yes: a host
/// opens its port once it is ready, and before that the connection fails.
/// </summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", (RequestDelegate)YesAsync);
        app.MapGet("/readyz", (RequestDelegate)YesAsync);
    }

    private static Task YesAsync(HttpContext context)
    {
        var body = JsonBody.Rent();
        body.Json.WriteStartObject();
        body.Json.WriteString("status", "ok");
        body.Json.WriteEndObject();
        return body.SendAsync(context);
    }
}
