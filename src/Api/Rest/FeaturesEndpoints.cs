using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Core;
using Personalization.Core.Configuration;
using Personalization.Core.Events;
using Personalization.Core.Features;
using Personalization.Core.Privacy;

namespace Personalization.Api.Rest;

/// <summary><c>GET /v1/features</c>, every feature there is, and <c>GET /v1/users/{id}/features</c>, those of a person.</summary>
internal sealed class FeaturesEndpoints(IPersonalizer personalizer)
{
    private const int MostNames = 1000;

    private static readonly (Purposes Purpose, string Name)[] Names =
        [.. ((string[])["analytics", "personalization", "training", "advertising", "crossDevice"]).Select(name => (Consent.Parse(name), name))];

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/features", (RequestDelegate)ListAsync);
        app.MapGet("/v1/users/{id}/features", (RequestDelegate)GetAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        var configuration = personalizer.Configuration;
        var body = JsonBody.Rent();
        var json = body.Json;
        json.WriteStartObject();
        json.WriteStartArray("features");
        foreach (var family in configuration.Plan.Features.Families)
        {
            json.WriteStartObject();
            Write(json, family);
            if (Declared(configuration, family) is { } document)
            {
                json.WriteString("id", document.Id);
                json.WriteString("etag", Precondition.TagOf(document.Revision));
                json.WritePropertyName("body");
                DocumentResponse.Write(json, document);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return body.SendAsync(context);
    }

    private async Task GetAsync(HttpContext context)
    {
        var names = NamesIn(context.Request);
        var vector = await personalizer.FindFeaturesAsync(RequestPath.IdBefore(context, "/features"), names, context.RequestAborted)
            ?? throw RefusedException.NotFound("Nothing is known of this person.");
        var body = JsonBody.Rent();
        var json = body.Json;
        json.WriteStartObject();
        json.WriteString("id", vector.Id);
        json.WriteNumber("version", vector.Version);
        json.WriteString("at", vector.At.UtcDateTime);
        json.WriteStartObject("features");
        foreach (var (name, value) in vector.Values)
        {
            json.WritePropertyName(name);
            AttributeJson.Write(json, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        await body.SendAsync(context);
    }

    /// <summary>Reads <c>?names=a,b</c>; null where it is not there.</summary>
    private List<string>? NamesIn(HttpRequest request)
    {
        if (!request.Query.TryGetValue("names", out var sent))
        {
            return null;
        }

        var names = new List<string>();
        var problems = new List<Problem>();
        foreach (var name in sent.SelectMany(list => (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            var isKnown = names.Contains(name);
            if (names.Count == MostNames)
            {
                throw RefusedException.Invalid(new Problem("names", "too_many", $"At most {MostNames} are taken."));
            }

            if (name.Length > EventLimits.TextLength)
            {
                problems.Add(new Problem("names", "too_long", $"The name of a feature has at most {EventLimits.TextLength} characters."));
            }
            else if (!isKnown && personalizer.Configuration.Plan.Features.Find(name, out var problem) is null)
            {
                problems.Add(new Problem("names", "unknown_feature", problem!));
            }
            else if (!isKnown)
            {
                names.Add(name);
            }
        }

        return problems.Count == 0 ? names : throw RefusedException.Invalid(problems);
    }

    private static ConfigurationDocument? Declared(ConfigurationState configuration, FeatureFamily family)
    {
        var name = family.Pattern.ToString();
        return name.StartsWith(CustomFeature.Prefix, StringComparison.Ordinal)
            ? configuration.Set.Find(ConfigurationKind.Feature, name[CustomFeature.Prefix.Length..])
            : null;
    }

    private static void Write(Utf8JsonWriter json, FeatureFamily family)
    {
        json.WriteString("name", family.Pattern.ToString());
        json.WriteString("type", JsonNamingPolicy.CamelCase.ConvertName(family.Type.ToString()));
        json.WriteString("unit", family.Unit);
        json.WriteString("description", family.Description);
        json.WriteString("source", JsonNamingPolicy.CamelCase.ConvertName(family.Source.ToString()));
        json.WriteStartArray("purposes");
        foreach (var (purpose, name) in Names)
        {
            if ((family.Purposes & purpose) != 0)
            {
                json.WriteStringValue(name);
            }
        }

        json.WriteEndArray();
        json.WritePropertyName("default");
        AttributeJson.Write(json, family.Default);
        json.WriteStartArray("parameters");
        foreach (var parameter in family.Pattern.Parameters)
        {
            json.WriteStartObject();
            json.WriteString("name", parameter.Name);
            json.WriteString("description", parameter.Description);
            if (parameter.Choices is { } choices)
            {
                json.WriteStartArray("values");
                foreach (var choice in choices)
                {
                    json.WriteStringValue(choice);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
