using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Core;
using Personalization.Core.Configuration;

namespace Personalization.Api.Rest;

/// <summary><c>/v1/schemas/{type}</c>: the JSON Schemas of events' properties. A put publishes the next version.</summary>
internal sealed class SchemaEndpoints(IPersonalizer personalizer)
{
    private const int MostBytes = 64 * 1024;
    private const int MostAttempts = 5;

    private readonly DocumentChanges _changes = new(personalizer, ConfigurationKind.Schema);

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/schemas", (RequestDelegate)ListAsync);
        app.MapGet("/v1/schemas/{id}", (RequestDelegate)GetAsync);
        app.MapPut("/v1/schemas/{id}", (RequestDelegate)PublishAsync);
        app.MapDelete("/v1/schemas/{id}", (RequestDelegate)DeleteAsync);
        app.MapGet("/v1/schemas/{id}/versions/{version}", (RequestDelegate)GetVersionAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        var body = JsonBody.Rent();
        var json = body.Json;
        json.WriteStartObject();
        json.WriteStartArray("schemas");
        foreach (var document in personalizer.Configuration.Set.Of(ConfigurationKind.Schema))
        {
            json.WriteStartObject();
            json.WriteString("type", document.Id);
            json.WriteString("etag", Precondition.TagOf(document.Revision));
            json.WriteStartArray("versions");
            foreach (var (version, _) in SchemaPublication.VersionsOf(personalizer.Configuration.Set, document.Id))
            {
                json.WriteNumberValue(version);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return body.SendAsync(context);
    }

    private Task GetAsync(HttpContext context)
    {
        var type = RequestPath.Id(context);
        return DocumentResponse.SendAsync(context, _changes.Find(type) ?? throw _changes.Missing(type));
    }

    private Task GetVersionAsync(HttpContext context)
    {
        var type = RequestPath.Id(context);
        _ = int.TryParse((string?)context.GetRouteValue("version"), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted);
        foreach (var (version, schema) in SchemaPublication.VersionsOf(personalizer.Configuration.Set, type))
        {
            if (version == wanted)
            {
                var body = JsonBody.Rent();
                schema.WriteTo(body.Json);
                return body.SendAsync(context);
            }
        }

        throw RefusedException.NotFound($"The schema of {type} has no such version.");
    }

    private async Task PublishAsync(HttpContext context)
    {
        var type = RequestPath.Id(context);
        var problems = new List<Problem>();
        ChangeReader.CheckId(type, "", problems);
        var isCompatible = context.Request.Query["compatibility"].ToString() switch
        {
            "" or "backward" => true,
            "none" => false,
            _ => throw RefusedException.Invalid(new Problem("compatibility", "unknown_value", "This is backward or none.")),
        };
        if (problems.Count > 0)
        {
            throw RefusedException.Invalid(problems);
        }

        using var request = await JsonRequest.ReadAsync(context, MostBytes);
        var (version, isNew) = await PublishAsync(type, request.Root, isCompatible, context.RequestAborted);
        var body = JsonBody.Rent();
        body.Json.WriteStartObject();
        body.Json.WriteString("type", type);
        body.Json.WriteNumber("version", version);
        body.Json.WriteEndObject();
        await body.SendAsync(context, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    // Two who publish at the same time each get a version of their own; the later one is checked against the earlier.
    private async Task<(int Version, bool IsNew)> PublishAsync(string type, JsonElement schema, bool isCompatible, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var next = SchemaPublication.Next(personalizer.Configuration.Set, type, schema, isCompatible, out var problems)
                ?? throw RefusedException.Invalid(problems);
            if (next.Change is null)
            {
                return (next.Version, false);
            }

            var outcome = await personalizer.ChangeAsync(next.Change, cancellation);
            if (outcome.Status == ChangeStatus.Applied)
            {
                return (next.Version, true);
            }

            if (outcome.Status == ChangeStatus.Invalid)
            {
                throw RefusedException.Invalid(outcome.Problems);
            }
        }

        throw new RefusedException(StatusCodes.Status409Conflict, "The schema is being changed by others all the time; try again.");
    }

    private async Task DeleteAsync(HttpContext context)
    {
        await _changes.RemoveAsync(RequestPath.Id(context), Precondition.Of(context.Request), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
