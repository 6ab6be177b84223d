using System.Buffers;
using System.Text.Json;
using Personalization.Core.Catalog;
using Personalization.Core.Conditions;

namespace Personalization.Core.Configuration;

/// <summary>Writes items as <see cref="ItemReader"/> reads them.</summary>
public static class ItemWriter
{
    /// <summary>Writes one item as a JSON object, leaving out what it does not have.</summary>
    public static void Write(Utf8JsonWriter json, Item item)
    {
        json.WriteStartObject();
        json.WriteString("id", item.Id);
        Text("title", item.Title);
        Text("url", item.Url);
        Text("image", item.Image);
        Text("category", item.Category);
        Text("brand", item.Brand);
        Number("price", item.Price);
        Number("stock", item.Stock);
        Number("margin", item.Margin);
        if (item.Attributes.Count > 0)
        {
            json.WriteStartObject("attributes");
            foreach (var (name, value) in item.Attributes)
            {
                json.WritePropertyName(name);
                Write(json, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();

        void Text(string name, string? value)
        {
            if (value is not null)
            {
                json.WriteString(name, value);
            }
        }

        void Number(string name, double? value)
        {
            if (value is { } number)
            {
                json.WriteNumber(name, number);
            }
        }
    }

    /// <summary>Writes one item as JSON text.</summary>
    public static string ToJson(Item item)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, item);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Says whether two items are written alike.</summary>
    internal static bool AreSame(Item? left, Item right) => left is not null && ToJson(left) == ToJson(right);

    private static void Write(Utf8JsonWriter json, AttributeValue value)
    {
        switch (value.Kind)
        {
            case AttributeKind.Text:
                json.WriteStringValue(value.Text);
                break;
            case AttributeKind.Number:
                json.WriteNumberValue(value.Number);
                break;
            case AttributeKind.Boolean:
                json.WriteBooleanValue(value.Boolean);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}
