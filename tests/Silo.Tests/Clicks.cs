using System.Text.Json;

namespace Personalization.Silo.Tests;

/// <summary>Clicks, as they are sent and as profiles count them.</summary>
internal static class Clicks
{
    public static object Of(string person, string messageId) =>
        new { events = new[] { new { messageId, type = "click", anonymousId = person, properties = new { itemId = "shoe" } } } };

    public static int In(JsonElement? profile) =>
        profile is { } known && known.GetProperty("events").TryGetProperty("click", out var clicks) ? clicks.GetProperty("total").GetInt32() : 0;

    /// <summary>Sends one, and gives the version that the person's profile has with it.</summary>
    public static async Task<long> SendAsync(ServerProcess silo, string person, string messageId) =>
        (await silo.PostAsync("/v1/events", Of(person, messageId))).GetProperty("profileVersion").GetInt64();
}
