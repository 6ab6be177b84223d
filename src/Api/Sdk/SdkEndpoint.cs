using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Personalization.Api.Sdk;

/// <summary><c>GET /sdk.js</c>: the browser SDK, which is built into this assembly. A server that was built without it has no such path.</summary>
internal sealed class SdkEndpoint
{
    // Long enough that a visit loads it once, short enough that a new one is everywhere within the hour.
    private const string CacheControl = "public, max-age=3600";

    private readonly byte[] _plain;
    private readonly byte[] _compressed;
    private readonly string _etag;

    private SdkEndpoint(byte[] plain)
    {
        _plain = plain;
        _compressed = Compress(plain);
        _etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 8))}\"";
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        using var resource = typeof(SdkEndpoint).Assembly.GetManifestResourceStream("sdk.js");
        if (resource is null)
        {
            return;
        }

        var plain = new byte[resource.Length];
        resource.ReadExactly(plain);
        app.MapGet("/sdk.js", (RequestDelegate)new SdkEndpoint(plain).GetAsync);
    }

    private Task GetAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ETag = _etag;
        headers.CacheControl = CacheControl;
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.XContentTypeOptions = "nosniff";
        if (context.Request.Headers.IfNoneMatch.Contains(_etag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        var isCompressed = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        if (isCompressed)
        {
            headers.ContentEncoding = "gzip";
        }

        var body = isCompressed ? _compressed : _plain;
        context.Response.ContentType = "text/javascript; charset=utf-8";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static byte[] Compress(byte[] plain)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.SmallestSize))
        {
            gzip.Write(plain);
        }

        return buffer.ToArray();
    }
}
