using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Core;

namespace Personalization.Api.Rest;

/// <summary><c>GET /v1/stats</c>: how much there is.</summary>
internal sealed class StatsEndpoint(IPersonalizer personalizer)
{
    public void Map(IEndpointRouteBuilder app) => app.MapGet("/v1/stats", (RequestDelegate)GetAsync);

    private Task GetAsync(HttpContext context)
    {
        var statistics = personalizer.Statistics;
        var body = JsonBody.Rent();
        var json = body.Json;
        json.WriteStartObject();
        json.WriteNumber("events", statistics.Events);
        json.WriteNumber("profiles", statistics.Profiles);
        json.WriteNumber("items", statistics.Items);
        json.WriteNumber("hotProfiles", statistics.HotProfiles);
        json.WriteNumber("droppedDecisions", statistics.DroppedDecisions);
        json.WriteEndObject();
        return body.SendAsync(context);
    }
}
