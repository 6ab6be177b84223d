using Personalization.Core.Conditions;

namespace Personalization.Core.Catalog;

/// <summary>Knows every attribute of an item that filters may look at.</summary>
internal sealed class ItemAttributeBinder : IAttributeBinder<Item>
{
    private const string Known = "Items have id, title, url, image, category, brand, price, stock, margin and attributes.<name>.";

    public AttributeReader<Item>? Bind(string path, out string? problem)
    {
        problem = null;
        AttributeReader<Item>? reader = path switch
        {
            "id" => item => AttributeValue.From(item.Id),
            "title" => item => Optional(item.Title),
            "url" => item => Optional(item.Url),
            "image" => item => Optional(item.Image),
            "category" => item => Optional(item.Category),
            "brand" => item => Optional(item.Brand),
            "price" => item => Optional(item.Price),
            "stock" => item => Optional(item.Stock),
            "margin" => item => Optional(item.Margin),
            _ => null,
        };
        if (reader is null && path.StartsWith("attributes.", StringComparison.Ordinal))
        {
            var name = path["attributes.".Length..];
            reader = item => item.Attributes.TryGetValue(name, out var value) ? value : AttributeValue.Missing;
        }

        problem = reader is null ? $"Items have no \"{path}\". {Known}" : null;
        return reader;
    }

    private static AttributeValue Optional(string? text) => text is null ? AttributeValue.Missing : AttributeValue.From(text);

    private static AttributeValue Optional(double? number) => number is { } value ? AttributeValue.From(value) : AttributeValue.Missing;
}
