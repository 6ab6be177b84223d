using System.Text.Json;
using Personalization.Core.Privacy;
using Personalization.Core.Schemas;

namespace Personalization.Core.Events;

/// <summary>Reads a batch: <c>{"sentAt"?, "events": [ … ]}</c>.</summary>
public static class EventBatchReader
{
    // As deep as a batch has bytes, so that a deep event is that event's fault and not the batch's.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = EventLimits.BatchBytes };

    /// <summary>Reads a whole batch.</summary>
    /// <param name="utf8">The JSON text.</param>
    /// <param name="receivedAt">When the server received it, in milliseconds since the Unix epoch.</param>
    /// <param name="problem">What is wrong with the batch as a whole, in which case no event of it is taken.</param>
    /// <param name="signalled">What the browser's privacy signals deny.</param>
    /// <param name="schemas">What the properties must look like; null for anything.</param>
    public static EventBatch? Read(
        ReadOnlySpan<byte> utf8, long receivedAt, out Problem? problem, Purposes signalled = Purposes.None, EventSchemas? schemas = null)
    {
        try
        {
            return ReadBatch(utf8, receivedAt, signalled, schemas, out problem);
        }
        catch (JsonException exception)
        {
            problem = NotJson(exception);
            return null;
        }
        catch (InvalidOperationException)
        {
            problem = new Problem("", "invalid_text", "A name in the body is not valid Unicode.");
            return null;
        }
    }

    /// <summary>Reads one event that stands alone, as a line of a stream does.</summary>
    /// <param name="utf8">The JSON text of one event.</param>
    /// <param name="receivedAt">When the server received it, in milliseconds since the Unix epoch.</param>
    /// <param name="problem">What is wrong with it, where nothing is returned.</param>
    /// <param name="signalled">What the browser's privacy signals deny.</param>
    /// <param name="schemas">What the properties must look like; null for anything.</param>
    /// <param name="sentAt">When its batch was sent, by the sender's clock; null where that was not said.</param>
    public static Event? ReadOne(
        ReadOnlySpan<byte> utf8,
        long receivedAt,
        out Problem? problem,
        Purposes signalled = Purposes.None,
        EventSchemas? schemas = null,
        long? sentAt = null)
    {
        try
        {
            var json = new Utf8JsonReader(utf8, Options);
            json.Read();
            var read = EventReader.Read(ref json, receivedAt, sentAt, signalled, out problem);
            json.Read();
            problem ??= Judge(schemas, read!, utf8);
            return problem is null ? read : null;
        }
        catch (JsonException exception)
        {
            problem = NotJson(exception);
            return null;
        }
    }

    private static EventBatch? ReadBatch(ReadOnlySpan<byte> utf8, long receivedAt, Purposes signalled, EventSchemas? schemas, out Problem? problem)
    {
        // The time of sending may stand behind the events, and correcting them needs it.
        var sentAt = ReadSentAt(utf8, out problem);
        if (problem is not null)
        {
            return null;
        }

        var json = new Utf8JsonReader(utf8, Options);
        json.Read();
        var found = false;
        var events = new List<Event>();
        List<RejectedEvent>? rejected = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isEvents = json.ValueTextEquals("events"u8);
            json.Read();
            if (!isEvents)
            {
                json.Skip();
                continue;
            }

            if (found || json.TokenType != JsonTokenType.StartArray)
            {
                problem = new Problem("events", "invalid_type", "The events are one JSON array.");
                return null;
            }

            found = true;
            for (var index = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; index++)
            {
                if (index == EventLimits.BatchEvents)
                {
                    problem = new Problem("events", "too_many_events",
                        $"A batch holds at most {EventLimits.BatchEvents} events; send the rest in another, or stream them as application/x-ndjson.");
                    return null;
                }

                var start = (int)json.TokenStartIndex;
                var read = EventReader.Read(ref json, receivedAt, sentAt, signalled, out var fault);
                var text = utf8[start..(int)json.BytesConsumed];
                fault ??= Judge(schemas, read!, text);
                if (fault is null)
                {
                    events.Add(read!);
                }
                else
                {
                    (rejected ??= []).Add(new RejectedEvent(index, fault) { Text = text.ToArray(), SentAt = sentAt });
                }
            }
        }

        json.Read();
        problem = found ? null : new Problem("events", "required", "The body is {\"events\": [ … ]}.");
        return found ? new EventBatch(events, (IReadOnlyList<RejectedEvent>?)rejected ?? []) : null;
    }

    private static Problem? Judge(EventSchemas? schemas, Event read, ReadOnlySpan<byte> text) =>
        schemas is not null && (read.SchemaVersion > 0 || schemas.Covers(read.Type)) ? schemas.Check(read.Type, read.SchemaVersion, text.ToArray()) : null;

    private static long? ReadSentAt(ReadOnlySpan<byte> utf8, out Problem? problem)
    {
        problem = null;
        var json = new Utf8JsonReader(utf8, Options);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            problem = new Problem("", "invalid_type", "The body is a JSON object: {\"events\": [ … ]}.");
            return null;
        }

        if (utf8.IndexOf("\"sentAt\""u8) < 0)
        {
            return null;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isSentAt = json.ValueTextEquals("sentAt"u8);
            json.Read();
            if (!isSentAt)
            {
                json.Skip();
            }
            else if (json.TokenType == JsonTokenType.Null)
            {
                return null;
            }
            else
            {
                var time = EventTime.Read(ref json);
                problem = time is null ? new Problem("sentAt", "invalid_type", EventTime.Expected) : null;
                return time;
            }
        }

        return null;
    }

    private static Problem NotJson(JsonException exception) =>
        new("", "not_json", $"The text is not JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
}
