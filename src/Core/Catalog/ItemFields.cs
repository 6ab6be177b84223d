using System.Globalization;
using Personalization.Core.Conditions;

namespace Personalization.Core.Catalog;

/// <summary>Knows every field of an item that templates may show, as text.</summary>
internal static class ItemFields
{
    /// <summary>Finds a field by its name in a template; null where items have no such field.</summary>
    public static Func<Item, string?>? Bind(string name)
    {
        if (name.StartsWith("attributes.", StringComparison.Ordinal))
        {
            var attribute = name["attributes.".Length..];
            return item => item.Attributes.TryGetValue(attribute, out var value) ? Show(value) : null;
        }

        return name switch
        {
            "id" => item => item.Id,
            "title" => item => item.Title ?? item.Id,
            "url" => item => item.Url,
            "image" => item => item.Image,
            "category" => item => item.Category,
            "brand" => item => item.Brand,
            "price" => item => item.Price?.ToString("0.00", CultureInfo.InvariantCulture),
            "stock" => item => item.Stock?.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
    }

    private static string? Show(AttributeValue value) => value.Kind switch
    {
        AttributeKind.Text => value.Text,
        AttributeKind.Number => value.Number.ToString(CultureInfo.InvariantCulture),
        AttributeKind.Boolean => value.Boolean ? "true" : null,
        _ => null,
    };
}
