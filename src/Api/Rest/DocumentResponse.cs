using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Personalization.Core.Configuration;

namespace Personalization.Api.Rest;

/// <summary>Writes one document of the configuration, as it was put.</summary>
internal static class DocumentResponse
{
    public static Task SendAsync(HttpContext context, ConfigurationDocument document, int status = StatusCodes.Status200OK)
    {
        context.Response.Headers.ETag = Precondition.TagOf(document.Revision);
        var body = JsonBody.Rent();
        Write(body.Json, document);
        return body.SendAsync(context, status);
    }

    public static void Write(Utf8JsonWriter json, ConfigurationDocument document) =>
        json.WriteRawValue(JsonMarshal.GetRawUtf8Value(document.Body), skipInputValidation: true);
}
