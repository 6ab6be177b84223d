using Personalization.Cli.Events;

namespace Personalization.Cli.Http;

/// <summary>Sends a catalog of any size.</summary>
internal static class Catalog
{
    /// <summary>The most items the server takes at once.</summary>
    public const int ItemsPerRequest = 10_000;

    public static async Task PutAsync(PersonalizationServer server, IReadOnlyCollection<Item> items, CancellationToken ct)
    {
        foreach (var part in items.Chunk(ItemsPerRequest))
        {
            await server.PutAsync("v1/items", Item.SerializeMany(part), ct);
        }
    }
}
