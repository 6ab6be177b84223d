using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Core;
using Personalization.Core.Configuration;

namespace Personalization.Api.Rest;

/// <summary><c>POST /v1/configuration[?dryRun=true]</c>: any number of documents and items, all or none.</summary>
internal sealed class ConfigurationEndpoint(IPersonalizer personalizer)
{
    private const int MostBytes = 16 * 1024 * 1024;

    public void Map(IEndpointRouteBuilder app) => app.MapPost("/v1/configuration", (RequestDelegate)ChangeAsync);

    private async Task ChangeAsync(HttpContext context)
    {
        var dryRun = IsDryRun(context.Request);
        using var request = await JsonRequest.ReadAsync(context, MostBytes);
        var problems = new List<Problem>();
        var change = ChangeReader.Read(request.Root, problems) with { DryRun = dryRun };
        if (problems.Count > 0)
        {
            throw RefusedException.Invalid(problems);
        }

        var outcome = await personalizer.ChangeAsync(change, context.RequestAborted);
        if (outcome.Status != ChangeStatus.Applied)
        {
            throw RefusedException.Invalid(outcome.Problems);
        }

        var body = JsonBody.Rent();
        Write(body.Json, outcome, change.Put.Count + change.PutItems.Count);
        await body.SendAsync(context);
    }

    private static bool IsDryRun(HttpRequest request) => request.Query["dryRun"].ToString() switch
    {
        "" or "false" => false,
        "true" => true,
        _ => throw RefusedException.Invalid(new Problem("dryRun", "unknown_value", "This is true or false.")),
    };

    private static void Write(Utf8JsonWriter json, ChangeOutcome outcome, int sent)
    {
        json.WriteStartObject();
        json.WriteNumber("revision", outcome.Revision);
        json.WriteStartArray("changed");
        foreach (var (kind, id) in outcome.Changed)
        {
            json.WriteStartObject();
            json.WriteString("kind", kind.PluralName());
            json.WriteString("id", id);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("changedItems", outcome.ChangedItems);
        json.WriteNumber("unchanged", sent - outcome.Changed.Count - outcome.ChangedItems);
        json.WriteEndObject();
    }
}
