using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Personalization.Core;
using Personalization.Core.Configuration;
using Personalization.Core.Segments;

namespace Personalization.Api.Rest;

/// <summary>
/// <c>GET /v1/segments/changes</c> and <c>/v1/segments/{id}/changes</c>: who enters and leaves, as Server-Sent Events that go on after <c>Last-Event-ID</c>.
/// </summary>
internal sealed class SegmentChangesEndpoints(IPersonalizer personalizer)
{
    private const string ContentType = "text/event-stream";

    // Proxies end connections on which nothing is said for half a minute or so.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/segments/changes", (RequestDelegate)(context => FollowAsync(context, null)));
        app.MapGet("/v1/segments/{id}/changes", (RequestDelegate)(context => FollowAsync(context, RequestPath.Id(context))));
    }

    private async Task FollowAsync(HttpContext context, string? segment)
    {
        // Whoever follows does so for ever; a server that stops does not wait for them.
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var gone = ending.Token;
        if (segment is not null && personalizer.Configuration.Set.Find(ConfigurationKind.Segment, segment) is null)
        {
            throw RefusedException.NotFound($"There is no segment \"{segment}\".");
        }

        // The first page is read before anything is sent, so that a wrong place is still refused.
        var page = await FirstAsync(context, segment);
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await WriteAsync(context, $"retry: 1000\nid: {page.Position}\n: from here on\n\n");
            while (true)
            {
                await WriteAsync(context, TextOf(page));
                page = await personalizer.ReadSegmentChangesAsync(segment, page.Position, Heartbeat, gone);
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // Whoever followed has gone.
        }
    }

    private async Task<SegmentChangePage> FirstAsync(HttpContext context, string? segment)
    {
        var after = context.Request.Headers["Last-Event-ID"].ToString();
        try
        {
            return await personalizer.ReadSegmentChangesAsync(segment, after.Length == 0 ? null : after, TimeSpan.Zero, context.RequestAborted);
        }
        catch (FormatException exception)
        {
            throw RefusedException.Invalid(new Problem("Last-Event-ID", "unknown_position", exception.Message));
        }
    }

    private static async Task WriteAsync(HttpContext context, string text)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    // An id without data moves the place that a client comes back to, and is no event.
    private static string TextOf(SegmentChangePage page)
    {
        var text = new StringBuilder();
        if (page.Missed)
        {
            text.Append("event: missed\ndata: {\"detail\":\"The journal no longer holds everything since that place; read the segments' members anew.\"}\n\n");
        }

        foreach (var change in page.Changes)
        {
            text.Append("id: ").Append(change.Id).Append("\nevent: ").Append(NameOf(change.Kind)).Append("\ndata: ").Append(DataOf(change)).Append("\n\n");
        }

        return text.Append("id: ").Append(page.Position).Append("\n: \n\n").ToString();
    }

    private static string NameOf(SegmentChangeKind kind) => kind switch
    {
        SegmentChangeKind.Enter => "enter",
        SegmentChangeKind.Leave => "leave",
        _ => "deleted",
    };

    private static string DataOf(SegmentChange change)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("segment", change.Segment);
            if (change.Person is not null)
            {
                json.WriteString("person", change.Person);
            }

            json.WriteString("at", change.At.UtcDateTime);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
