using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Api.Rest;

/// <summary><c>DELETE /v1/users/{id}</c>, <c>POST /v1/users/erase</c>, <c>GET /v1/erasures/{id}</c>: people are forgotten.</summary>
internal sealed class ErasureEndpoints(IPersonalizer personalizer)
{
    // 10 000 ids of 256 characters, each of up to 6 bytes where it is escaped.
    private const int MostBytes = 16 * 1024 * 1024;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapDelete("/v1/users/{id}", (RequestDelegate)EraseAsync);
        app.MapPost("/v1/users/erase", (RequestDelegate)BeginAsync);
        app.MapGet("/v1/erasures/{id}", (RequestDelegate)GetAsync);
    }

    private async Task EraseAsync(HttpContext context)
    {
        var id = RequestPath.LastId(context);
        var problems = new List<Problem>();
        CheckId(id, "id", problems);
        if (problems.Count > 0)
        {
            throw RefusedException.Invalid(problems);
        }

        await SendAsync(context, await personalizer.EraseAsync([id], context.RequestAborted), StatusCodes.Status200OK);
    }

    private async Task BeginAsync(HttpContext context)
    {
        using var request = await JsonRequest.ReadAsync(context, MostBytes);
        var erasure = await personalizer.BeginErasureAsync(Ids(request.Root), context.RequestAborted);
        context.Response.Headers.Location = $"/v1/erasures/{erasure.Id}";
        await SendAsync(context, erasure, StatusCodes.Status202Accepted);
    }

    private async Task GetAsync(HttpContext context)
    {
        var erasure = await personalizer.FindErasureAsync(RequestPath.Id(context), context.RequestAborted)
            ?? throw RefusedException.NotFound("There is no such erasure, or it was finished long ago.");
        await SendAsync(context, erasure, StatusCodes.Status200OK);
    }

    private static List<string> Ids(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("ids", out var listed) || listed.ValueKind != JsonValueKind.Array)
        {
            throw RefusedException.Invalid(new Problem("ids", "required", "The ids of those who are to be erased, as an array of strings."));
        }

        if (listed.GetArrayLength() is 0 or > Erasure.MostPeople)
        {
            throw RefusedException.Invalid(new Problem("ids", "out_of_range", $"There are 1 to {Erasure.MostPeople} ids."));
        }

        var ids = new List<string>(listed.GetArrayLength());
        var problems = new List<Problem>();
        foreach (var element in listed.EnumerateArray())
        {
            var path = Problem.Under("ids", ids.Count);
            ids.Add(element.ValueKind == JsonValueKind.String ? element.GetString()! : "");
            CheckId(ids[^1], path, problems);
        }

        return problems.Count == 0 ? ids : throw RefusedException.Invalid(problems);
    }

    private static void CheckId(string id, string path, List<Problem> problems)
    {
        if (id.Length is 0 or > EventLimits.IdLength || id.Any(char.IsControl))
        {
            problems.Add(new Problem(
                path, "invalid_id", $"The id of a person is a text of 1 to {EventLimits.IdLength} characters without control characters."));
        }
    }

    private static Task SendAsync(HttpContext context, Erasure erasure, int status)
    {
        var body = JsonBody.Rent();
        var json = body.Json;
        json.WriteStartObject();
        json.WriteString("id", erasure.Id);
        json.WriteString("requestedAt", erasure.RequestedAt.UtcDateTime);
        if (erasure.FinishedAt is { } finished)
        {
            json.WriteString("finishedAt", finished.UtcDateTime);
        }

        json.WriteBoolean("finished", erasure.FinishedAt is not null);
        json.WriteNumber("total", erasure.Total);
        json.WriteNumber("done", erasure.Done);
        json.WriteStartObject("erased");
        json.WriteNumber("profiles", erasure.Erased.Profiles);
        json.WriteNumber("decisions", erasure.Erased.Decisions);
        json.WriteNumber("trainingSessions", erasure.Erased.TrainingSessions);
        json.WriteEndObject();
        json.WriteStartArray("remains");
        foreach (var remainder in erasure.Remains)
        {
            json.WriteStartObject();
            json.WriteString("place", remainder.Place);
            if (remainder.Until is { } until)
            {
                json.WriteString("until", until.UtcDateTime);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return body.SendAsync(context, status);
    }
}
