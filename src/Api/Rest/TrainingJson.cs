using System.Text.Json;
using Personalization.Core.Training;

namespace Personalization.Api.Rest;

/// <summary>Writes a session that is kept for training.</summary>
internal static class TrainingJson
{
    public static void Write(Utf8JsonWriter json, TrainingSession session)
    {
        json.WriteStartObject();
        json.WriteString("person", Convert.ToHexStringLower(session.Pseudonym.Span));
        json.WriteString("startedAt", DateTimeOffset.FromUnixTimeMilliseconds(session.StartedAt).UtcDateTime);
        json.WriteStartArray("steps");
        foreach (var step in session.Steps)
        {
            json.WriteStartObject();
            json.WriteString("type", step.Type);
            json.WriteString("item", step.Item);
            json.WriteNumber("seconds", step.Seconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("outcome");
        json.WriteNumber("purchases", session.Purchases);
        json.WriteNumber("revenue", session.Revenue);
        json.WriteNumber("reward", session.Reward);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
