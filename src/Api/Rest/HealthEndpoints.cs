using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Personalization.Api.Rest;

/// <summary>
/// The probes: <c>/healthz</c> says that the process lives, <c>/readyz</c> that it can answer. A host opens its port once it is ready, and
/// before that the connection fails; one that drains before it stops says no meanwhile.
/// </summary>
internal sealed class HealthEndpoints(Func<bool> isReady)
{
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", (RequestDelegate)(context => AnswerAsync(context, "ok")));
        app.MapGet("/readyz", (RequestDelegate)(context =>
        {
            var ready = isReady();
            return ready ? AnswerAsync(context, "ok") : AnswerAsync(context, "not ready", StatusCodes.Status503ServiceUnavailable);
        }));
    }

    private static Task AnswerAsync(HttpContext context, string status, int code = StatusCodes.Status200OK)
    {
        var body = JsonBody.Rent();
        body.Json.WriteStartObject();
        body.Json.WriteString("status", status);
        body.Json.WriteEndObject();
        return body.SendAsync(context, code);
    }
}
