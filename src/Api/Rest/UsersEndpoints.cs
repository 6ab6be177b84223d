using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Core;
using Personalization.Core.Profiles;

namespace Personalization.Api.Rest;

/// <summary><c>GET /v1/users/{id}</c>: a profile, as its owner or an operator reads it.</summary>
internal sealed class UsersEndpoints(IPersonalizer personalizer)
{
    public void Map(IEndpointRouteBuilder app) => app.MapGet("/v1/users/{id}", (RequestDelegate)GetAsync);

    private async Task GetAsync(HttpContext context)
    {
        var profile = await personalizer.FindProfileAsync(RequestPath.LastId(context), context.RequestAborted)
            ?? throw RefusedException.NotFound("Nothing is known of this person.");
        var body = JsonBody.Rent();
        Write(body.Json, profile);
        await body.SendAsync(context);
    }

    internal static void Write(Utf8JsonWriter json, ProfileView profile)
    {
        json.WriteStartObject();
        json.WriteString("id", profile.Id);
        json.WriteNumber("version", profile.Version);
        if (profile is { FirstSeen: { } firstSeen, LastSeen: { } lastSeen })
        {
            json.WriteString("firstSeen", firstSeen.UtcDateTime);
            json.WriteString("lastSeen", lastSeen.UtcDateTime);
        }

        json.WriteNumber("sessions", profile.Sessions);
        json.WritePropertyName("session");
        Write(json, profile.Session);
        json.WriteStartObject("events");
        foreach (var (type, counts) in profile.Events)
        {
            json.WriteStartObject(type);
            foreach (var (window, count) in counts)
            {
                json.WriteNumber(window, count);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("affinities");
        Write(json, "categories", profile.Categories);
        Write(json, "brands", profile.Brands);
        json.WriteEndObject();
        json.WriteStartArray("recentItems");
        foreach (var (item, at) in profile.RecentItems)
        {
            json.WriteStartObject();
            json.WriteString("item", item);
            json.WriteString("at", at.UtcDateTime);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("assignments");
        foreach (var (experiment, variant) in profile.Assignments)
        {
            json.WriteString(experiment, variant);
        }

        json.WriteEndObject();
        json.WritePropertyName("consent");
        ConsentResponse.Write(json, profile.Consent, everyPurpose: false);

        if (profile.Automation != AutomationReasons.None)
        {
            json.WriteStartObject("automation");
            json.WriteBoolean("userAgent", profile.Automation.HasFlag(AutomationReasons.UserAgent));
            json.WriteBoolean("rate", profile.Automation.HasFlag(AutomationReasons.Rate));
            json.WriteString("until", profile.AutomatedUntil.UtcDateTime);
            json.WriteEndObject();
        }

        json.WriteStartArray("segments");
        foreach (var segment in profile.Segments)
        {
            json.WriteStringValue(segment);
        }

        json.WriteEndArray();
        json.WriteStartArray("devices");
        foreach (var device in profile.Devices)
        {
            json.WriteStringValue(device);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Session? running)
    {
        if (running is not { } session)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteNumber("number", session.Number);
        json.WriteString("startedAt", DateTimeOffset.FromUnixTimeMilliseconds(session.StartedAt).UtcDateTime);
        json.WriteString("lastActiveAt", DateTimeOffset.FromUnixTimeMilliseconds(session.LastActiveAt).UtcDateTime);
        json.WriteNumber("events", session.Events);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, double> shares)
    {
        json.WriteStartObject(name);
        foreach (var (of, share) in shares)
        {
            json.WriteNumber(of, share);
        }

        json.WriteEndObject();
    }
}
