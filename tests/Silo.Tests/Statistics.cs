using System.Text.Json;

namespace Personalization.Silo.Tests;

/// <summary>What <c>/v1/stats</c> says of the whole cluster.</summary>
internal static class Statistics
{
    public static (long Events, long People) Of(JsonElement? stats) => stats is { } found
        ? (found.GetProperty("events").GetInt64(), found.GetProperty("profiles").GetInt64())
        : (-1, -1);

    public static int HotIn(JsonElement stats) => stats.GetProperty("hotProfiles").GetInt32();
}
