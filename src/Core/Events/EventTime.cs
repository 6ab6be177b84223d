using System.Text.Json;

namespace Personalization.Core.Events;

/// <summary>Reads times as clients write them.</summary>
public static class EventTime
{
    /// <summary>What is told to one whose time can't be read.</summary>
    public const string Expected = "A time is an ISO 8601 string with its offset: 2026-05-01T12:00:00.000Z.";

    /// <summary>Reads the time the reader stands on, in milliseconds since the Unix epoch; null where it is none.</summary>
    public static long? Read(ref Utf8JsonReader json)
    {
        // Without an offset it would be taken for the server's local time, so that one event meant two times on two machines.
        return json.TokenType == JsonTokenType.String
            && json.TryGetDateTimeOffset(out var time)
            && (json.ValueSpan[^1] == 'Z' || (json.TryGetDateTime(out var local) && local.Kind != DateTimeKind.Unspecified))
            ? time.ToUnixTimeMilliseconds()
            : null;
    }
}
