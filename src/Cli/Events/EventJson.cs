using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Personalization.Cli.Events;

/// <summary>Writes events as the API takes them.</summary>
internal static class EventJson
{
    /// <summary>Writes one event as one line's worth of JSON.</summary>
    public static byte[] Serialize(Event written)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, written);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a request that holds some events.</summary>
    public static byte[] SerializeBatch(IEnumerable<Event> events)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("events");
            foreach (var written in events)
            {
                Write(json, written);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Event written)
    {
        json.WriteStartObject();
        json.WriteString("messageId", written.MessageId);
        json.WriteString("type", written.Type);
        if (written.Timestamp is { } timestamp)
        {
            json.WriteString("timestamp", timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture));
        }

        if (written.AnonymousId is not null)
        {
            json.WriteString("anonymousId", written.AnonymousId);
        }

        if (written.UserId is not null)
        {
            json.WriteString("userId", written.UserId);
        }

        if (written.Consent.Count > 0)
        {
            json.WriteStartObject("consent");
            foreach (var (purpose, granted) in written.Consent)
            {
                json.WriteBoolean(purpose, granted);
            }

            json.WriteEndObject();
        }

        WriteScalars(json, "properties", written.Properties);
        json.WriteEndObject();
    }

    internal static void WriteScalars(Utf8JsonWriter json, string name, IReadOnlyList<KeyValuePair<string, Scalar>> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartObject(name);
        foreach (var (key, value) in values)
        {
            json.WritePropertyName(key);
            value.Write(json);
        }

        json.WriteEndObject();
    }
}
