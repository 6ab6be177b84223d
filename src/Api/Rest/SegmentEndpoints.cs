using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Core;
using Personalization.Core.Configuration;
using Personalization.Core.Segments;

namespace Personalization.Api.Rest;

/// <summary><c>/v1/segments/{id}/size|sample|overlap</c> and <c>POST /v1/segments/preview</c>: who is, or would be, in a segment.</summary>
internal sealed class SegmentEndpoints(IPersonalizer personalizer)
{
    private const int MostBytes = 1024 * 1024;
    private const int UsualSample = 10;
    private const int MostSample = 10_000;
    private const int MostOverlaps = 10;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/segments/{id}/size", (RequestDelegate)SizeAsync);
        app.MapGet("/v1/segments/{id}/sample", (RequestDelegate)SampleAsync);
        app.MapGet("/v1/segments/{id}/overlap", (RequestDelegate)OverlapAsync);
        app.MapPost("/v1/segments/preview", (RequestDelegate)PreviewAsync);
    }

    private async Task SizeAsync(HttpContext context)
    {
        var id = RequestPath.Id(context);
        var size = await personalizer.SizeOfSegmentAsync(id, context.RequestAborted) ?? throw Missing(id);
        var body = JsonBody.Rent();
        body.Json.WriteStartObject();
        body.Json.WriteString("segment", id);
        body.Json.WriteNumber("members", size.Members);
        body.Json.WriteBoolean("complete", size.IsComplete);
        body.Json.WriteEndObject();
        await body.SendAsync(context);
    }

    private async Task SampleAsync(HttpContext context)
    {
        var id = RequestPath.Id(context);
        var members = await personalizer.SampleSegmentAsync(id, CountOf(context.Request), context.RequestAborted) ?? throw Missing(id);
        var body = JsonBody.Rent();
        body.Json.WriteStartObject();
        body.Json.WriteString("segment", id);
        body.Json.WriteStartArray("members");
        foreach (var member in members)
        {
            body.Json.WriteStringValue(member);
        }

        body.Json.WriteEndArray();
        body.Json.WriteEndObject();
        await body.SendAsync(context);
    }

    private async Task OverlapAsync(HttpContext context)
    {
        var id = RequestPath.Id(context);
        Require(id);
        var others = context.Request.Query["with"].ToString()
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToArray();
        var problem = others switch
        {
            [] => "required",
            { Length: > MostOverlaps } => "too_many",
            _ => others.Any(other => personalizer.Configuration.Set.Find(ConfigurationKind.Segment, other) is null) ? "unknown_reference" : null,
        };
        if (problem is not null)
        {
            throw RefusedException.Invalid(new Problem(
                "with", problem, string.Create(CultureInfo.InvariantCulture, $"This names 1 to {MostOverlaps} segments that there are, separated by commas.")));
        }

        var overlap = await personalizer.OverlapSegmentsAsync([id, .. others], context.RequestAborted);
        var body = JsonBody.Rent();
        var json = body.Json;
        json.WriteStartObject();
        json.WriteString("segment", id);
        json.WriteNumber("members", overlap.Sizes[0].Members);
        json.WriteStartArray("with");
        for (var i = 0; i < overlap.Pairs.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("segment", overlap.Pairs[i].With);
            json.WriteNumber("members", overlap.Sizes[i + 1].Members);
            json.WriteNumber("both", overlap.Pairs[i].Members);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("all", overlap.All);
        json.WriteEndObject();
        await body.SendAsync(context);
    }

    private async Task PreviewAsync(HttpContext context)
    {
        using var request = await JsonRequest.ReadAsync(context, MostBytes);
        var problems = new List<Problem>();
        if (SegmentDraft.Read(request.Root, personalizer.Configuration, problems) is not { } draft)
        {
            throw RefusedException.Invalid(problems);
        }

        var preview = await personalizer.PreviewSegmentAsync(draft, context.RequestAborted);
        var body = JsonBody.Rent();
        Write(body.Json, preview);
        await body.SendAsync(context);
    }

    private static void Write(Utf8JsonWriter json, SegmentPreview preview)
    {
        json.WriteStartObject();
        json.WriteString("summary", string.Create(
            Grouped, $"would match {preview.Matched:N0} of {preview.Sampled:N0} {(preview.Sampled < preview.People ? "sampled " : "")}profiles"));
        json.WriteNumber("people", preview.People);
        json.WriteNumber("sampled", preview.Sampled);
        json.WriteNumber("matched", preview.Matched);
        WriteShare(json, preview.Matched, preview.Sampled, preview.People, preview.Share);
        json.WriteStartArray("examples");
        foreach (var person in preview.Examples)
        {
            json.WriteStringValue(person);
        }

        json.WriteEndArray();
        if (preview.Replaced is { } replaced)
        {
            json.WriteStartObject("replaces");
            json.WriteString("segment", replaced.Segment);
            json.WriteNumber("members", replaced.Members);
            json.WriteNumber("sampled", replaced.Sampled);
            json.WriteNumber("leaving", replaced.Leaving);
            WriteShare(json, replaced.Leaving, replaced.Sampled, replaced.Members, replaced.Share);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteShare(Utf8JsonWriter json, long of, long asked, long all, (double Low, double High) share)
    {
        json.WriteNumber("share", asked == 0 ? 0 : (double)of / asked);
        json.WriteStartObject("estimate");
        json.WriteNumber("count", asked == 0 ? 0 : (long)Math.Round((double)of / asked * all));
        json.WriteNumber("low", (long)Math.Floor((share.Low * all) + 1e-9));
        json.WriteNumber("high", (long)Math.Ceiling((share.High * all) - 1e-9));
        json.WriteNumber("confidence", asked >= all ? 1 : 0.95);
        json.WriteEndObject();
    }

    private static readonly NumberFormatInfo Grouped = new() { NumberGroupSeparator = " ", NumberDecimalDigits = 0 };

    private static int CountOf(HttpRequest request)
    {
        var text = request.Query["n"].ToString();
        return text.Length == 0 ? UsualSample
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= MostSample ? count
            : throw RefusedException.Invalid(new Problem(
                "n", "out_of_range", string.Create(CultureInfo.InvariantCulture, $"This is a whole number from 1 to {MostSample}.")));
    }

    private void Require(string id)
    {
        if (personalizer.Configuration.Set.Find(ConfigurationKind.Segment, id) is null)
        {
            throw Missing(id);
        }
    }

    private static RefusedException Missing(string id) =>
        RefusedException.NotFound($"There is no segment \"{id}\", or it was put this moment and its members are not known yet.");
}
