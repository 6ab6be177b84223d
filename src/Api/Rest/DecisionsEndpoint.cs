using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Core;
using Personalization.Core.Decisions;

namespace Personalization.Api.Rest;

/// <summary><c>GET /v1/decisions/{id}</c>: what was decided, and from what.</summary>
internal sealed class DecisionsEndpoint(IPersonalizer personalizer)
{
    public void Map(IEndpointRouteBuilder app) => app.MapGet("/v1/decisions/{id}", (RequestDelegate)GetAsync);

    private async Task GetAsync(HttpContext context)
    {
        if (!DecisionId.TryParse(RequestPath.Id(context), out var id))
        {
            throw RefusedException.Invalid(new Problem("id", "invalid_id", $"The id of a decision has {DecisionId.TextLength} letters and digits."));
        }

        var decision = await personalizer.FindDecisionAsync(id, context.RequestAborted)
            ?? throw RefusedException.NotFound($"There is no decision {id}, or it is older than decisions are kept.");
        var body = JsonBody.Rent();
        Write(body.Json, decision);
        await body.SendAsync(context);
    }

    internal static void Write(Utf8JsonWriter json, DecisionRecord decision)
    {
        json.WriteStartObject();
        json.WriteString("decisionId", decision.Id.ToString());
        json.WriteString("person", decision.PersonId);
        json.WriteString("decidedAt", DateTimeOffset.FromUnixTimeMilliseconds(decision.DecidedAt).UtcDateTime);
        json.WriteNumber("profileVersion", decision.ProfileVersion);
        json.WriteNumber("revision", decision.ConfigurationRevision);
        json.WriteStartObject("placements");
        foreach (var placement in decision.Placements)
        {
            json.WritePropertyName(placement.Name);
            Write(json, placement);
        }

        json.WriteEndObject();
        json.WriteStartObject("features");
        foreach (var feature in decision.Features)
        {
            json.WritePropertyName(feature.Name);
            AttributeJson.Write(json, feature.Value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PlacementRecord placement)
    {
        json.WriteStartObject();
        json.WriteString("experience", placement.Experience ?? "control");
        if (placement.Experiment is not null)
        {
            json.WriteString("experiment", placement.Experiment);
            json.WriteNumber("version", placement.Version);
            json.WriteString("variant", placement.Variant);
        }

        json.WriteNumber("propensity", placement.Propensity);
        json.WriteString("reason", ReasonNames.Of(placement.Reason));
        json.WriteStartArray("items");
        foreach (var item in placement.Items)
        {
            json.WriteStartObject();
            json.WriteString("id", item.Id);
            json.WriteNumber("score", Scores.Shown(item.Score));
            json.WritePropertyName("reasons");
            ItemReasonJson.Write(json, item.Strategy, item.Because);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
