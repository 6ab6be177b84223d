using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Core;
using Personalization.Core.Monitoring;

namespace Personalization.Api.Rest;

/// <summary><c>GET /v1/alerts</c>: sudden changes in the volume of one type of events, the newest first.</summary>
internal sealed class AlertsEndpoint(IPersonalizer personalizer)
{
    public void Map(IEndpointRouteBuilder app) => app.MapGet("/v1/alerts", (RequestDelegate)ListAsync);

    private async Task ListAsync(HttpContext context)
    {
        var alerts = await personalizer.ReadAlertsAsync(context.RequestAborted);
        var body = JsonBody.Rent();
        var json = body.Json;
        json.WriteStartObject();
        json.WriteStartArray("alerts");
        foreach (var alert in alerts)
        {
            json.WriteStartObject();
            json.WriteNumber("id", alert.Id);
            json.WriteString("type", alert.Type);
            json.WriteString("kind", alert.Kind == AlertKind.Surge ? "surge" : "drop");
            json.WriteString("raisedAt", DateTimeOffset.FromUnixTimeMilliseconds(alert.RaisedAt).UtcDateTime);
            if (alert.EndedAt is { } ended)
            {
                json.WriteString("endedAt", DateTimeOffset.FromUnixTimeMilliseconds(ended).UtcDateTime);
            }

            json.WriteNumber("observed", alert.Observed);
            json.WriteNumber("expected", Math.Round(alert.Expected, 3));
            json.WriteNumber("z", Math.Round(alert.Z, 2));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await body.SendAsync(context);
    }
}
