using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Core;
using Personalization.Core.Privacy;

namespace Personalization.Api.Rest;

/// <summary><c>GET /v1/users/{id}/export</c>: everything that is kept of a person; and the JSON Schema of it.</summary>
internal sealed class ExportEndpoints(IPersonalizer personalizer)
{
    private const string SchemaPath = "/v1/export.schema.json";
    private const string SchemaType = "application/schema+json";

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/users/{id}/export", (RequestDelegate)GetAsync);
        app.MapGet(SchemaPath, (RequestDelegate)GetSchemaAsync);
    }

    private async Task GetAsync(HttpContext context)
    {
        var export = await personalizer.ExportAsync(RequestPath.IdBefore(context, "/export"), context.RequestAborted)
            ?? throw RefusedException.NotFound("Nothing is known of this person.");
        context.Response.Headers.CacheControl = "no-store";
        var body = JsonBody.Rent();
        Write(body.Json, export);
        await body.SendAsync(context);
    }

    private static async Task GetSchemaAsync(HttpContext context)
    {
        await using var schema = typeof(ExportEndpoints).Assembly.GetManifestResourceStream("export.schema.json")!;
        context.Response.ContentType = SchemaType;
        context.Response.ContentLength = schema.Length;
        await schema.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, PersonExport export)
    {
        json.WriteStartObject();
        json.WriteString("$schema", SchemaPath);
        json.WriteNumber("formatVersion", PersonExport.FormatVersion);
        json.WriteString("id", export.Id);
        json.WriteString("exportedAt", export.ExportedAt.UtcDateTime);
        json.WritePropertyName("profile");
        if (export.Profile is { } profile)
        {
            UsersEndpoints.Write(json, profile);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteStartArray("decisions");
        foreach (var decision in export.Decisions)
        {
            DecisionsEndpoint.Write(json, decision);
        }

        json.WriteEndArray();
        json.WriteStartArray("trainingSessions");
        foreach (var session in export.TrainingSessions)
        {
            TrainingJson.Write(json, session);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
