using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Personalization.Api.Rest;

/// <summary>A request's body as a JSON document, checked so far that everything in it can be read.</summary>
internal sealed class JsonRequest : IDisposable
{
    private const int MaxDepth = 64;

    private readonly RequestBody _body;
    private readonly JsonDocument _document;

    private JsonRequest(RequestBody body, JsonDocument document)
    {
        _body = body;
        _document = document;
    }

    /// <summary>Gets the document's root. It lives as long as this request.</summary>
    public JsonElement Root => _document.RootElement;

    /// <summary>Reads it.</summary>
    /// <exception cref="RefusedException">It is missing, too large, of another type, or no JSON.</exception>
    public static async ValueTask<JsonRequest> ReadAsync(HttpContext context, int mostBytes)
    {
        MediaTypes.Require(context, MediaTypes.Json);
        var body = await RequestBody.ReadAsync(context, mostBytes);
        try
        {
            return new JsonRequest(body, Parse(body.Memory));
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _document.Dispose();
        _body.Dispose();
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (IsText(utf8.Span))
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException exception)
        {
            throw RefusedException.Invalid(JsonFault.Explain(utf8.Span, MaxDepth, exception));
        }

        throw RefusedException.Invalid(JsonFault.InvalidText);
    }

    // The parser takes strings that no reader can decode; they would fail wherever they are first looked at.
    private static bool IsText(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            return false;
        }

        if (utf8.IndexOf("\\u"u8) < 0)
        {
            return true;
        }

        var json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (json.Read())
            {
                if (json.ValueIsEscaped)
                {
                    _ = json.GetString();
                }
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
