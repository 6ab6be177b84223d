using Google.Protobuf.WellKnownTypes;

namespace Personalization.Api.Grpc;

/// <summary>Times on the wire, and as Core counts them: milliseconds since the Unix epoch.</summary>
internal static class Timestamps
{
    /// <summary>What is told to one whose time can't be read.</summary>
    public const string Expected = "A time lies in the years 1 to 9999 and has 0 to 999 999 999 nanoseconds.";

    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Reads a time; one left out is null. False where it is none.</summary>
    public static bool TryRead(Timestamp? time, out long? milliseconds)
    {
        milliseconds = null;
        if (time is null)
        {
            return true;
        }

        if (time.Seconds < Earliest || time.Seconds > Latest || time.Nanos is < 0 or > 999_999_999)
        {
            return false;
        }

        milliseconds = (time.Seconds * 1000) + (time.Nanos / 1_000_000);
        return true;
    }

    /// <summary>Writes a time.</summary>
    public static Timestamp Write(long milliseconds) => Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
}
