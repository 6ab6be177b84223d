using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Core.Tests.Events;

/// <summary>Makes events as they are once the door has read them.</summary>
internal static class Happened
{
    /// <summary>A Monday: 2026-05-04T00:00:00Z, in milliseconds.</summary>
    public const long Monday = 1_777_852_800_000;

    private static int _messages;

    public static Event Event(
        string type,
        long at,
        string? item = null,
        string? category = null,
        string? brand = null,
        string? message = null,
        long? receivedAt = null,
        Consent consent = default,
        string person = "ann",
        double price = double.NaN,
        int quantity = 1) => new Event
    {
        MessageId = message ?? $"m{Interlocked.Increment(ref _messages)}",
        Type = type,
        Timestamp = at,
        ReceivedAt = receivedAt ?? at,
        AnonymousId = person,
        ItemId = item,
        Consent = consent,
        Price = price,
        Quantity = quantity,
    }.With(category, brand);
}
