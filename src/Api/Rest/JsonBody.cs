using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Personalization.Api.Rest;

/// <summary>The body of one answer while it is written. Sent whole, with its length, and used again for another.</summary>
internal sealed class JsonBody
{
    private const string ContentType = "application/json";
    private const int InitialBytes = 8 * 1024;
    private const int MostKeptBytes = 256 * 1024;

    // Letters of any script stay readable; what HTML would take for markup is escaped, so that a page may embed an answer.
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    // One spare for each thread: whoever writes at the same time on the same thread makes another.
    [ThreadStatic]
    private static JsonBody? _spare;

    private JsonBody() => Json = new Utf8JsonWriter(Buffer, Options);

    /// <summary>Gets the writer. Flush it before looking at, or writing to, <see cref="Buffer"/>.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>Gets where the writer writes to.</summary>
    public ArrayBufferWriter<byte> Buffer { get; } = new(InitialBytes);

    /// <summary>Takes an empty body. <see cref="SendAsync"/> gives it back; one that is never sent is left to the garbage collector.</summary>
    public static JsonBody Rent()
    {
        var body = _spare ?? new JsonBody();
        _spare = null;
        return body;
    }

    /// <summary>Sends it, and gives it back.</summary>
    public Task SendAsync(HttpContext context, int status = StatusCodes.Status200OK, string contentType = ContentType)
    {
        Json.Flush();
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = Buffer.WrittenCount;

        // Headers and body go out in one piece. No token: asking for the request's would allocate it, and a closed connection fails by itself.
        var sending = response.BodyWriter.WriteAsync(Buffer.WrittenMemory, CancellationToken.None);
        if (!sending.IsCompletedSuccessfully)
        {
            return WaitAsync(sending);
        }

        _ = sending.Result;
        Return();
        return Task.CompletedTask;

        async Task WaitAsync(ValueTask<System.IO.Pipelines.FlushResult> unfinished)
        {
            await unfinished;
            Return();
        }
    }

    private void Return()
    {
        if (Buffer.Capacity > MostKeptBytes)
        {
            return;
        }

        Buffer.ResetWrittenCount();
        Json.Reset();
        _spare = this;
    }
}
