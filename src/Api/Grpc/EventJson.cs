using System.Buffers;
using System.Text.Json;

namespace Personalization.Api.Grpc;

/// <summary>Writes an event as REST takes it, for what looks at its JSON: schemas and dead letters.</summary>
internal static class EventJson
{
    public static byte[] Write(V1.Event message)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            Text(json, "messageId", message.HasMessageId, message.MessageId);
            Text(json, "type", message.HasType, message.Type);
            Text(json, "anonymousId", message.HasAnonymousId, message.AnonymousId);
            Text(json, "userId", message.HasUserId, message.UserId);
            Text(json, "previousId", message.HasPreviousId, message.PreviousId);
            if (message.HasSchemaVersion)
            {
                json.WriteNumber("schemaVersion", message.SchemaVersion);
            }

            Time(json, "timestamp", message.Timestamp);
            Time(json, "sentAt", message.SentAt);
            Consent(json, message.Consent);
            Properties(json, message.Properties);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static void Properties(Utf8JsonWriter json, V1.EventProperties? properties)
    {
        if (properties is null)
        {
            return;
        }

        json.WriteStartObject("properties");
        Text(json, "itemId", properties.HasItemId, properties.ItemId);
        Text(json, "category", properties.HasCategory, properties.Category);
        Text(json, "brand", properties.HasBrand, properties.Brand);
        Number(json, "price", properties.HasPrice, properties.Price);
        Number(json, "quantity", properties.HasQuantity, properties.Quantity);
        Text(json, "query", properties.HasQuery, properties.Query);
        Text(json, "decisionId", properties.HasDecisionId, properties.DecisionId);
        Text(json, "placement", properties.HasPlacement, properties.Placement);
        Number(json, "value", properties.HasValue, properties.Value);
        json.WriteEndObject();
    }

    private static void Consent(Utf8JsonWriter json, V1.Consent? consent)
    {
        if (consent is null)
        {
            return;
        }

        json.WriteStartObject("consent");
        foreach (var (purposes, isGranted) in ((IEnumerable<V1.Purpose>, bool)[])[(consent.Granted.Except(consent.Denied), true), (consent.Denied.Distinct(), false)])
        {
            foreach (var purpose in purposes)
            {
                json.WriteBoolean(NameOf(purpose), isGranted);
            }
        }

        json.WriteEndObject();
    }

    private static string NameOf(V1.Purpose purpose) => purpose switch
    {
        V1.Purpose.Analytics => "analytics",
        V1.Purpose.Personalization => "personalization",
        V1.Purpose.Training => "training",
        V1.Purpose.Advertising => "advertising",
        V1.Purpose.CrossDevice => "crossDevice",
        _ => "unknown",
    };

    private static void Text(Utf8JsonWriter json, string name, bool has, string text)
    {
        if (has)
        {
            json.WriteString(name, text);
        }
    }

    private static void Number(Utf8JsonWriter json, string name, bool has, double number)
    {
        if (has && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
    }

    private static void Time(Utf8JsonWriter json, string name, Google.Protobuf.WellKnownTypes.Timestamp? time)
    {
        if (Timestamps.TryRead(time, out var milliseconds) && milliseconds is { } at)
        {
            json.WriteString(name, DateTimeOffset.FromUnixTimeMilliseconds(at).UtcDateTime);
        }
    }
}
