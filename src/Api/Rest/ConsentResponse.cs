using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;

namespace Personalization.Api.Rest;

/// <summary>Writes what a person chose, and the history of it.</summary>
internal static class ConsentResponse
{
    public static Task SendAsync(HttpContext context, string id, ConsentChoices choices)
    {
        var body = JsonBody.Rent();
        var json = body.Json;
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WritePropertyName("purposes");
        Write(json, choices, everyPurpose: true);
        json.WriteEndObject();
        return body.SendAsync(context);
    }

    public static Task SendAsync(HttpContext context, string id, IReadOnlyList<AuditEntry> entries)
    {
        var body = JsonBody.Rent();
        var json = body.Json;
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteStartArray("changes");
        foreach (var entry in entries)
        {
            if (entry.Kind != AuditKinds.Consent)
            {
                continue;
            }

            json.WriteStartObject();
            json.WriteString("recordedAt", DateTimeOffset.FromUnixTimeMilliseconds(entry.Time).UtcDateTime);
            json.WriteString("source", entry.Actor);
            using var details = JsonDocument.Parse(entry.Details);
            foreach (var member in details.RootElement.EnumerateObject())
            {
                member.WriteTo(json);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return body.SendAsync(context);
    }

    /// <summary>Writes <c>{"training":{"choice":"denied","since":"…","source":"api"}}</c>.</summary>
    public static void Write(Utf8JsonWriter json, ConsentChoices choices, bool everyPurpose)
    {
        json.WriteStartObject();
        foreach (var purpose in PurposeNames.All)
        {
            var choice = choices[purpose];
            if (!everyPurpose && !choice.IsMade)
            {
                continue;
            }

            json.WriteStartObject(PurposeNames.Of(purpose));
            json.WriteString("choice", ConsentJson.NameOf(choice.State));
            if (choice.IsMade)
            {
                json.WriteString("since", DateTimeOffset.FromUnixTimeMilliseconds(choice.Since).UtcDateTime);
                json.WriteString("source", ConsentJson.NameOf(choice.Source));
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
