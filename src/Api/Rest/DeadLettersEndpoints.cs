using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Api.Metrics;
using Personalization.Core;
using Personalization.Core.DeadLetters;
using Personalization.Core.Events;

namespace Personalization.Api.Rest;

/// <summary><c>/v1/dead-letters</c>: rejected events, with reasons; they can be sent again after a fix, or removed.</summary>
internal sealed class DeadLettersEndpoints(IPersonalizer personalizer, PersonalizationMetrics metrics)
{
    private const int MostBytes = 256 * 1024;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/dead-letters", (RequestDelegate)ListAsync);
        app.MapDelete("/v1/dead-letters", (RequestDelegate)RemoveAsync);
        app.MapPost("/v1/dead-letters/resend", (RequestDelegate)ResendAsync);
    }

    private async Task ListAsync(HttpContext context)
    {
        var letters = await personalizer.FindDeadLettersAsync(DeadLetterQuery.Of(context.Request.Query), context.RequestAborted);
        var body = JsonBody.Rent();
        var json = body.Json;
        json.WriteStartObject();
        json.WriteStartArray("deadLetters");
        foreach (var letter in letters)
        {
            Write(json, letter);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await body.SendAsync(context);
    }

    private async Task RemoveAsync(HttpContext context)
    {
        var removed = await personalizer.RemoveDeadLettersAsync(DeadLetterQuery.Of(context.Request.Query), context.RequestAborted);
        var body = JsonBody.Rent();
        body.Json.WriteStartObject();
        body.Json.WriteNumber("removed", removed);
        body.Json.WriteEndObject();
        await body.SendAsync(context);
    }

    private async Task ResendAsync(HttpContext context)
    {
        DeadLetterFilter filter;
        using (var request = await JsonRequest.ReadAsync(context, MostBytes))
        {
            filter = DeadLetterQuery.Of(request.Root);
        }

        var letters = await personalizer.FindDeadLettersAsync(filter with { Limit = DeadLetterFilter.MostAtOnce }, context.RequestAborted);
        var good = new List<(DeadLetter Letter, Event Event)>();
        var bad = new List<(DeadLetter Letter, Problem Problem)>();

        // The oldest first, as they were sent.
        foreach (var letter in letters.Reverse())
        {
            if (letter.Event.IsEmpty)
            {
                bad.Add((letter, new Problem("", "not_kept", "The event itself was not kept: it is too long, or no JSON.")));
            }
            else if (EventBatchReader.ReadOne(
                letter.Event.Span, letter.ReceivedAt, out var problem, letter.Signalled, personalizer.Configuration.Plan.Schemas, letter.SentAt) is { } read)
            {
                good.Add((letter, read));
            }
            else
            {
                bad.Add((letter, problem!));
            }
        }

        var receipt = good.Count == 0 ? default : await personalizer.IngestAsync([.. good.Select(entry => entry.Event)], context.RequestAborted);
        metrics.Ingested(receipt);
        bad.AddRange(receipt.Rejected.Select(refused => (good[refused.Index].Letter, refused.Problem)));

        // Only now: whoever asks again after a failure sends what is known already, which counts once.
        var failed = bad.Select(entry => entry.Letter.Id).ToHashSet();
        long[] done = [.. good.Select(entry => entry.Letter.Id).Where(id => !failed.Contains(id))];
        if (done.Length > 0)
        {
            await personalizer.RemoveDeadLettersAsync(new DeadLetterFilter { Ids = done }, context.RequestAborted);
        }

        await SendAsync(context, receipt, done.Length, bad);
    }

    private static Task SendAsync(HttpContext context, IngestReceipt receipt, int resent, List<(DeadLetter Letter, Problem Problem)> bad)
    {
        var body = JsonBody.Rent();
        var json = body.Json;
        json.WriteStartObject();
        json.WriteNumber("resent", resent);
        json.WriteNumber("duplicates", receipt.Duplicates);
        json.WriteNumber("dropped", receipt.Dropped);
        json.WriteStartArray("rejected");
        foreach (var (letter, problem) in bad)
        {
            json.WriteStartObject();
            json.WriteNumber("id", letter.Id);
            json.WriteString("path", problem.Path);
            json.WriteString("code", problem.Code);
            json.WriteString("detail", problem.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return body.SendAsync(context);
    }

    private static void Write(Utf8JsonWriter json, DeadLetter letter)
    {
        json.WriteStartObject();
        json.WriteNumber("id", letter.Id);
        json.WriteString("receivedAt", DateTimeOffset.FromUnixTimeMilliseconds(letter.ReceivedAt).UtcDateTime);
        if (letter.Type is not null)
        {
            json.WriteString("type", letter.Type);
        }

        json.WriteString("code", letter.Problem.Code);
        json.WriteString("path", letter.Problem.Path);
        json.WriteString("detail", letter.Problem.Detail);
        if (!letter.Event.IsEmpty)
        {
            json.WritePropertyName("event");
            json.WriteRawValue(letter.Event.Span);
        }

        json.WriteEndObject();
    }
}
