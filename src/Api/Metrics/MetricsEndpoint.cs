using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Personalization.Api.Metrics;

/// <summary><c>GET /metrics</c>: what is measured, as Prometheus text.</summary>
internal sealed class MetricsEndpoint(PrometheusExporter exporter)
{
    public void Map(IEndpointRouteBuilder app) => app.MapGet("/metrics", (RequestDelegate)GetAsync);

    private async Task GetAsync(HttpContext context)
    {
        context.Response.ContentType = PrometheusText.ContentType;
        exporter.Write(context.Response.BodyWriter);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
