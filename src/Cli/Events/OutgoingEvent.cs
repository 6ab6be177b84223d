using System.Text.Json;

namespace Personalization.Cli.Events;

/// <summary>One event ready to be sent, with what is needed to send it in the right order and to name it in a report.</summary>
/// <param name="Line">Its line in the file, from 1; its number where it comes from no file.</param>
/// <param name="Json">The event.</param>
/// <param name="Person">Who did it: the login where there is one, else the device.</param>
/// <param name="AlsoKnownAs">The same person's other id in this event: the device beside a login, or the id that an alias replaces.</param>
/// <param name="Timestamp">When it happened, where it says so.</param>
internal readonly record struct OutgoingEvent(
    long Line, ReadOnlyMemory<byte> Json, string Person, string? AlsoKnownAs = null, DateTimeOffset? Timestamp = null)
{
    public static OutgoingEvent Of(Event sent, long line) => new(
        line, EventJson.Serialize(sent), sent.Person, sent.UserId is null ? null : sent.AnonymousId, sent.Timestamp);

    /// <summary>Takes a line of NDJSON as it is; only who and when is read from it.</summary>
    /// <exception cref="JsonException">The line is no JSON object.</exception>
    public static OutgoingEvent Of(ReadOnlyMemory<byte> utf8, long line)
    {
        string? anonymousId = null, userId = null, previousId = null;
        DateTimeOffset? timestamp = null;
        var json = new Utf8JsonReader(utf8.Span);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("An event is a JSON object.");
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isAnonymous = json.ValueTextEquals("anonymousId"u8);
            var isUser = json.ValueTextEquals("userId"u8);
            var isPrevious = json.ValueTextEquals("previousId"u8);
            var isTimestamp = json.ValueTextEquals("timestamp"u8);
            json.Read();
            if (json.TokenType != JsonTokenType.String)
            {
                json.Skip();
                continue;
            }

            if (isTimestamp)
            {
                timestamp = json.TryGetDateTimeOffset(out var read) ? read : null;
            }
            else if (isAnonymous)
            {
                anonymousId = json.GetString();
            }
            else if (isUser)
            {
                userId = json.GetString();
            }
            else if (isPrevious)
            {
                previousId = json.GetString();
            }
        }

        // Reading past the end finds what a line must not hold: a second value, or half of one.
        json.Read();
        return new(line, utf8, userId ?? anonymousId ?? "", userId is null ? previousId : anonymousId ?? previousId, timestamp);
    }
}
