using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Personalization.Core;

namespace Personalization.Api.Rest;

/// <summary>Writes problems as RFC 9457 has them, with <c>errors</c> that name the path of each wrong field.</summary>
internal static class ProblemResponse
{
    private const string ContentType = "application/problem+json";

    /// <summary>Answers with a problem.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status.</param>
    /// <param name="detail">One sentence for a person.</param>
    /// <param name="errors">What is wrong, and where.</param>
    /// <param name="extensions">Further members, by RFC 9457 section 3.2.</param>
    public static Task WriteAsync(
        HttpContext context,
        int status,
        string detail,
        IReadOnlyList<Problem>? errors = null,
        params IReadOnlyList<(string Name, long Value)> extensions)
    {
        var body = JsonBody.Rent();
        var json = body.Json;
        json.WriteStartObject();
        json.WriteString("type", "about:blank");
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(status));
        json.WriteNumber("status", status);
        json.WriteString("detail", detail);
        foreach (var (name, value) in extensions)
        {
            json.WriteNumber(name, value);
        }

        if (errors is { Count: > 0 })
        {
            json.WriteStartArray("errors");
            foreach (var error in errors)
            {
                json.WriteStartObject();
                WriteMembers(json, error);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        return body.SendAsync(context, status, ContentType);
    }

    /// <summary>Answers 503 with the time to wait, in whole seconds, at least one.</summary>
    public static Task WriteUnavailableAsync(
        HttpContext context, UnavailableException unavailable, params IReadOnlyList<(string Name, long Value)> extensions)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(unavailable.RetryAfter.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return WriteAsync(context, StatusCodes.Status503ServiceUnavailable, unavailable.Message, null, extensions);
    }

    /// <summary>Writes the members of one error into the object that is open.</summary>
    public static void WriteMembers(Utf8JsonWriter json, Problem error)
    {
        json.WriteString("path", error.Path);
        json.WriteString("code", error.Code);
        json.WriteString("detail", error.Detail);
    }

    /// <summary>Sums errors up in one sentence.</summary>
    public static string Summary(IReadOnlyList<Problem> errors) => errors switch
    {
        [{ Path.Length: 0 } only] => only.Detail,
        [var only] => $"{only.Path}: {only.Detail}",
        _ => $"{errors.Count} things are wrong; \"errors\" names each.",
    };

    public static string TooLarge(int mostBytes) =>
        string.Create(CultureInfo.InvariantCulture, $"The body has more than {mostBytes} bytes, which is the most that is taken here.");
}
