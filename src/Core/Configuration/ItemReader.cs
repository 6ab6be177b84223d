using System.Text.Json;
using Personalization.Core.Catalog;
using Personalization.Core.Conditions;

namespace Personalization.Core.Configuration;

/// <summary>Reads and checks items of the catalog.</summary>
public static class ItemReader
{
    /// <summary>The most items in one request.</summary>
    public const int MostItems = 10_000;

    private const int MostAttributes = 64;

    /// <summary>Reads one item; null where something is wrong, which is added to <paramref name="problems"/>.</summary>
    public static Item? Read(JsonElement json, string path, ICollection<Problem> problems) =>
        DocumentReader.IsText(json, path, problems) ? ReadText(json, path, problems) : null;

    /// <summary>Reads an item of JSON that is known to hold nothing but well-formed Unicode.</summary>
    internal static Item? ReadText(JsonElement json, string path, ICollection<Problem> problems)
    {
        var faults = problems.Count;
        var reader = new DocumentReader(json, path, problems);
        var id = reader.Text("id", required: true);
        var title = reader.Text("title", 1000);
        var url = Address(reader, "url");
        var image = Address(reader, "image");
        var category = reader.Text("category");
        var brand = reader.Text("brand");
        var price = reader.Number("price", 0, double.MaxValue);
        var stock = reader.Whole("stock", 0, int.MaxValue);
        var margin = reader.Number("margin", double.MinValue, double.MaxValue);
        var attributes = Attributes(reader);
        reader.Finish();
        return problems.Count > faults ? null : new Item
        {
            Id = id!,
            Title = title,
            Url = url,
            Image = image,
            Category = category,
            Brand = brand,
            Price = price,
            Stock = stock,
            Margin = margin,
            Attributes = attributes,
        };
    }

    private static string? Address(DocumentReader reader, string name)
    {
        var address = reader.Text(name, 2048);
        if (address is null || address.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            || address.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || (address[0] == '/' && address is not [_, '/' or '\\', ..]))
        {
            return address;
        }

        // Browsers take '\' for '/', and two of either begin the name of another site.
        reader.Fault(name, "unsafe_url", "This is an http(s) address or a path that begins with one slash.");
        return null;
    }

    private static Dictionary<string, AttributeValue> Attributes(DocumentReader reader)
    {
        var attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        if (reader.Element("attributes") is not { } json)
        {
            return attributes;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            reader.Fault("attributes", "invalid_type", "This is a JSON object.");
            return attributes;
        }

        foreach (var member in json.EnumerateObject())
        {
            var value = AttributeValue.FromJson(member.Value);
            switch (value.Kind)
            {
                case AttributeKind.Null:
                    continue;
                case AttributeKind.Number when !double.IsFinite(value.Number):
                    reader.Fault($"attributes.{member.Name}", "out_of_range", "The number is too large.");
                    break;
                case AttributeKind.Object or AttributeKind.Array:
                    reader.Fault($"attributes.{member.Name}", "invalid_type", "An attribute is a text, a number, true or false.");
                    break;
            }

            attributes[member.Name] = value;
        }

        if (attributes.Count > MostAttributes)
        {
            reader.Fault("attributes", "too_many", $"An item has at most {MostAttributes} attributes.");
        }

        return attributes;
    }
}
