using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Api.Client;
using Personalization.Api.Metrics;
using Personalization.Core;
using Personalization.Core.Decisions;
using Personalization.Core.Privacy;

namespace Personalization.Api.Rest;

/// <summary><c>POST /v1/decide</c>: what to show, before the next paint. The hot path: what need not wait runs to its end without a state machine.</summary>
internal sealed class DecideEndpoint(
    IPersonalizer personalizer, ClientReader clients, PrivacySignals signals, PersonalizationMetrics metrics)
{
    private const int MostBytes = 256 * 1024;

    public void Map(IEndpointRouteBuilder app) => app.MapPost("/v1/decide", (RequestDelegate)AnswerAsync);

    private Task AnswerAsync(HttpContext context)
    {
        if (context.Request.ContentLength > MostBytes)
        {
            return RefuseTooLargeAsync(context);
        }

        // No token here and below: asking for the request's would allocate it, and nothing on this path waits for long.
        var reading = context.Request.BodyReader.ReadAsync(CancellationToken.None);
        if (!reading.IsCompletedSuccessfully)
        {
            return ReadAndDecideAsync(context, reading);
        }

        var read = reading.Result;
        return read.IsCompleted ? DecideAsync(context, read.Buffer) : ReadAndDecideAsync(context, new(read));
    }

    private async Task ReadAndDecideAsync(HttpContext context, ValueTask<ReadResult> reading)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reading;
            if (read.IsCompleted || read.Buffer.Length > MostBytes)
            {
                await DecideAsync(context, read.Buffer);
                return;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            reading = reader.ReadAsync(CancellationToken.None);
        }
    }

    private Task DecideAsync(HttpContext context, in ReadOnlySequence<byte> body)
    {
        if (body.Length > MostBytes)
        {
            context.Request.BodyReader.AdvanceTo(body.End);
            return RefuseTooLargeAsync(context);
        }

        var request = Read(body, signals.Denied(context.Request), out var problems);
        context.Request.BodyReader.AdvanceTo(body.End);
        if (request is null)
        {
            return ProblemResponse.WriteAsync(context, StatusCodes.Status400BadRequest, ProblemResponse.Summary(problems), problems);
        }

        clients.Complete(request, context);
        if (Automation.Is(context.Request))
        {
            request.MarkAutomated();
        }

        Decision decision;
        var askedAt = Stopwatch.GetTimestamp();
        try
        {
            var deciding = personalizer.DecideAsync(request, CancellationToken.None);
            if (!deciding.IsCompletedSuccessfully)
            {
                return WaitAsync(context, deciding, askedAt);
            }

            decision = deciding.Result;
        }
        catch
        {
            metrics.Decided(askedAt, null);
            throw;
        }

        metrics.Decided(askedAt, decision);
        return SendAsync(context, decision);
    }

    private async Task WaitAsync(HttpContext context, ValueTask<Decision> deciding, long askedAt)
    {
        Decision? decision = null;
        try
        {
            decision = await deciding;
        }
        finally
        {
            metrics.Decided(askedAt, decision);
        }

        await SendAsync(context, decision);
    }

    private static DecisionRequest? Read(in ReadOnlySequence<byte> body, Purposes signalled, out IReadOnlyList<Problem> problems)
    {
        if (body.IsSingleSegment)
        {
            return DecideRequestReader.Read(body.FirstSpan, signalled, out problems);
        }

        var joined = ArrayPool<byte>.Shared.Rent((int)body.Length);
        try
        {
            body.CopyTo(joined);
            return DecideRequestReader.Read(joined.AsSpan(0, (int)body.Length), signalled, out problems);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }
    }

    private static Task SendAsync(HttpContext context, Decision decision)
    {
        var body = JsonBody.Rent();
        DecideResponse.Write(body, decision);
        return body.SendAsync(context);
    }

    private static Task RefuseTooLargeAsync(HttpContext context) =>
        ProblemResponse.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, ProblemResponse.TooLarge(MostBytes));
}
