using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Core;

namespace Personalization.Api.Rest;

/// <summary><c>GET /v1/training/sessions</c>: finished sessions under pseudonyms, one a line, oldest first.</summary>
internal sealed class TrainingEndpoint(IPersonalizer personalizer)
{
    private const int FlushBytes = 64 * 1024;

    public void Map(IEndpointRouteBuilder app) => app.MapGet("/v1/training/sessions", (RequestDelegate)GetAsync);

    private async Task GetAsync(HttpContext context)
    {
        context.Response.ContentType = MediaTypes.JsonLines;
        var output = context.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(output);
        await foreach (var session in personalizer.ReadTrainingAsync(context.RequestAborted))
        {
            TrainingJson.Write(json, session);
            json.Flush();
            json.Reset();
            output.GetSpan(1)[0] = (byte)'\n';
            output.Advance(1);
            if (output.UnflushedBytes > FlushBytes)
            {
                await output.FlushAsync(context.RequestAborted);
            }
        }
    }
}
