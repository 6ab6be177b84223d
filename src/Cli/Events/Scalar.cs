using System.Text.Json;

namespace Personalization.Cli.Events;

/// <summary>A text, number or boolean, as properties and attributes hold them.</summary>
internal readonly record struct Scalar
{
    private readonly string? _text;
    private readonly double _number;
    private readonly JsonValueKind _kind;

    private Scalar(JsonValueKind kind, string? text, double number)
    {
        _kind = kind;
        _text = text;
        _number = number;
    }

    public static implicit operator Scalar(string text) => new(JsonValueKind.String, text, 0);

    public static implicit operator Scalar(double number) => new(JsonValueKind.Number, null, number);

    public static implicit operator Scalar(bool flag) => new(flag ? JsonValueKind.True : JsonValueKind.False, null, 0);

    /// <summary>Gets the text, or null where this is a number or boolean.</summary>
    public string? AsText => _text;

    /// <summary>Gets the number, or null where this is a text or boolean.</summary>
    public double? AsNumber => _kind == JsonValueKind.Number ? _number : null;

    public void Write(Utf8JsonWriter json)
    {
        switch (_kind)
        {
            case JsonValueKind.String:
                json.WriteStringValue(_text);
                break;
            case JsonValueKind.Number:
                json.WriteNumberValue(_number);
                break;
            default:
                json.WriteBooleanValue(_kind == JsonValueKind.True);
                break;
        }
    }
}
