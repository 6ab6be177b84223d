using System.Text.Json;
using Personalization.Core.Conditions;

namespace Personalization.Api.Rest;

/// <summary>Reads and writes attribute values as JSON.</summary>
internal static class AttributeJson
{
    /// <summary>Reads the value the reader stands on, and leaves the reader on its last token.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    /// <exception cref="InvalidOperationException">A string is no Unicode.</exception>
    public static AttributeValue Read(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
                while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
                {
                    var name = json.GetString()!;
                    json.Read();
                    members[name] = Read(ref json);
                }

                return AttributeValue.FromObject(members);
            case JsonTokenType.StartArray:
                var elements = new List<AttributeValue>();
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                {
                    elements.Add(Read(ref json));
                }

                return AttributeValue.FromArray(elements);
            case JsonTokenType.String:
                return AttributeValue.From(json.GetString());
            case JsonTokenType.Number:
                return AttributeValue.From(json.GetDouble());
            case JsonTokenType.True or JsonTokenType.False:
                return AttributeValue.From(json.TokenType == JsonTokenType.True);
            default:
                return AttributeValue.Null;
        }
    }

    /// <summary>Writes a value; an object, of which decisions remember nothing, and a number that JSON has no word for, as null.</summary>
    public static void Write(Utf8JsonWriter json, AttributeValue value)
    {
        switch (value.Kind)
        {
            case AttributeKind.Text:
                json.WriteStringValue(value.Text);
                break;
            case AttributeKind.Number when double.IsFinite(value.Number):
                json.WriteNumberValue(value.Number);
                break;
            case AttributeKind.Boolean:
                json.WriteBooleanValue(value.Boolean);
                break;
            case AttributeKind.Array:
                json.WriteStartArray();
                for (var i = 0; i < value.Count; i++)
                {
                    Write(json, value[i]);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}
