using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Personalization.Api.Metrics;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Api.Rest;

/// <summary><c>POST /v1/events</c>: a batch as JSON, or any number of events as one JSON object a line.</summary>
internal sealed class EventsEndpoints(
    IPersonalizer personalizer, TimeProvider time, PrivacySignals signals, DeadLetterKeeper deadLetters, PersonalizationMetrics metrics)
{
    public void Map(IEndpointRouteBuilder app) => app.MapPost("/v1/events", (RequestDelegate)TakeAsync);

    private Task TakeAsync(HttpContext context)
    {
        MediaTypes.Require(context, MediaTypes.Json, MediaTypes.JsonLines);
        return MediaTypes.Is(context.Request, MediaTypes.Json) ? TakeBatchAsync(context) : TakeStreamAsync(context);
    }

    private async Task TakeBatchAsync(HttpContext context)
    {
        EventBatch batch;
        var signalled = signals.Denied(context.Request);
        var receivedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
        using (var body = await RequestBody.ReadAsync(context, EventLimits.BatchBytes))
        {
            batch = EventBatchReader.Read(body.Span, receivedAt, out var problem, signalled, personalizer.Configuration.Plan.Schemas)
                ?? throw RefusedException.Invalid(problem!);
        }

        Automation.Mark(context.Request, batch.Events);
        var receipt = batch.Events.Count == 0 ? default : await personalizer.IngestAsync(batch.Events, context.RequestAborted);
        metrics.Ingested(receipt);
        var rejected = batch.RejectedWith(receipt.Rejected);
        metrics.Rejected(rejected.Count);
        await deadLetters.KeepAsync(rejected, receivedAt, signalled, context.RequestAborted);
        await EventsResponse.SendAsync(context, receipt, rejected);
    }

    private async Task TakeStreamAsync(HttpContext context)
    {
        // Nothing of a stream is held, so however long it is there is nothing to protect; and where events come from people, it pauses.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        var stream = new EventStream(
            personalizer, time, signals.Denied(context.Request), deadLetters, metrics, Automation.Is(context.Request), context.RequestAborted);
        try
        {
            await stream.TakeAsync(context.Request.BodyReader);
        }
        catch (UnavailableException unavailable)
        {
            await ProblemResponse.WriteUnavailableAsync(
                context,
                unavailable,
                ("accepted", stream.Receipt.Accepted),
                ("rejectedCount", stream.RejectedCount),
                ("nextLine", stream.NextLine));
            return;
        }

        await EventsResponse.SendAsync(context, stream.Receipt, stream.Rejected, stream.RejectedCount);
    }
}
