using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Core;
using Personalization.Core.Privacy;

namespace Personalization.Api.Rest;

/// <summary><c>GET /v1/audit?chain=&amp;after=&amp;limit=</c>: the audit trail, with what is needed to verify it.</summary>
internal sealed class AuditEndpoint(IPersonalizer personalizer)
{
    private const int MostEntries = 1000;
    private const int UsualEntries = 100;

    public void Map(IEndpointRouteBuilder app) => app.MapGet("/v1/audit", (RequestDelegate)GetAsync);

    private async Task GetAsync(HttpContext context)
    {
        var problems = new List<Problem>();
        var chain = Whole(context, "chain", 0, 0, int.MaxValue, problems);
        var after = Whole(context, "after", 0, 0, long.MaxValue, problems);
        var limit = Whole(context, "limit", UsualEntries, 1, MostEntries, problems);
        if (problems.Count > 0)
        {
            throw RefusedException.Invalid(problems);
        }

        var page = await personalizer.ReadAuditAsync((int)chain, after, (int)limit, context.RequestAborted);
        var body = JsonBody.Rent();
        var json = body.Json;
        json.WriteStartObject();
        json.WriteNumber("chain", chain);
        json.WriteNumber("chains", page.Chains);
        json.WriteStartObject("head");
        json.WriteNumber("sequence", page.Head.Sequence);
        json.WriteString("hash", Convert.ToHexStringLower(page.Head.Hash.Span));
        json.WriteEndObject();
        json.WriteStartArray("entries");
        foreach (var entry in page.Entries)
        {
            Write(json, entry);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await body.SendAsync(context);
    }

    private static void Write(Utf8JsonWriter json, AuditEntry entry)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", entry.Sequence);
        json.WriteString("time", DateTimeOffset.FromUnixTimeMilliseconds(entry.Time).UtcDateTime);
        json.WriteString("kind", entry.Kind);
        json.WriteString("actor", entry.Actor);
        if (entry.Subject is not null)
        {
            json.WriteString("subject", entry.Subject);
        }

        // As a text, because its hash is that of these very bytes.
        json.WriteString("details", entry.Details);
        json.WriteString("previous", Convert.ToHexStringLower(entry.Previous.Span));
        json.WriteString("hash", Convert.ToHexStringLower(entry.Hash.Span));
        json.WriteEndObject();
    }

    private static long Whole(HttpContext context, string name, long usual, long least, long most, List<Problem> problems)
    {
        if (context.Request.Query[name] is not [{ Length: > 0 } text])
        {
            return usual;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        problems.Add(new Problem(name, "out_of_range", most == long.MaxValue
            ? $"This is a whole number of at least {least}."
            : $"This is a whole number from {least} to {most}."));
        return usual;
    }
}
