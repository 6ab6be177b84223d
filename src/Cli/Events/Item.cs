using System.Buffers;
using System.Text.Json;

namespace Personalization.Cli.Events;

/// <summary>One thing of the catalog, as it is sent.</summary>
internal sealed record Item
{
    public required string Id { get; init; }

    public string? Title { get; init; }

    public string? Url { get; init; }

    public string? Image { get; init; }

    public string? Category { get; init; }

    public string? Brand { get; init; }

    /// <summary>Gets the price of one unit in the shop's currency.</summary>
    public double? Price { get; init; }

    /// <summary>Gets how many are left.</summary>
    public double? Stock { get; init; }

    /// <summary>Gets the earnings on one unit in the shop's currency.</summary>
    public double? Margin { get; init; }

    public IReadOnlyList<KeyValuePair<string, Scalar>> Attributes { get; init; } = [];

    /// <summary>Writes a document that holds some items, as <c>PUT /v1/items</c> takes it.</summary>
    public static byte[] SerializeMany(IEnumerable<Item> items)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("items");
            foreach (var item in items)
            {
                item.Write(json);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        foreach (var (name, text) in new[] { ("title", Title), ("url", Url), ("image", Image), ("category", Category), ("brand", Brand) })
        {
            if (text is not null)
            {
                json.WriteString(name, text);
            }
        }

        foreach (var (name, number) in new[] { ("price", Price), ("stock", Stock), ("margin", Margin) })
        {
            if (number is { } value)
            {
                json.WriteNumber(name, value);
            }
        }

        EventJson.WriteScalars(json, "attributes", Attributes);
        json.WriteEndObject();
    }
}
