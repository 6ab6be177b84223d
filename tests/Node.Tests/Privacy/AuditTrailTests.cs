using System.Net.Http.Json;
using System.Text.Json;
using Personalization.Core.Privacy;

namespace Personalization.Node.Tests.Privacy;

public sealed class AuditTrailTests
{
    [Fact]
    public async Task Twelve_kills_lose_no_acknowledged_choice_and_put_none_on_record_twice()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(11);
        var acknowledged = new List<string>();
        for (var kill = 0; kill < 12; kill++)
        {
            await using var node = await NodeProcess.StartAsync(folder.Path);
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                // Each is another choice than the one before it, so each is a change.
                var choice = acknowledged.Count % 2 == 0 ? "denied" : "granted";
                await PutAsync(node, "ann", choice, since: new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(acknowledged.Count));
                acknowledged.Add(choice);
            }

            if (kill % 3 == 1)
            {
                // Reading the trail writes what waits for it, so the log then holds what is on record.
                await node.GetAsync("/v1/audit");
            }

            await node.KillAsync();
        }

        await using var last = await NodeProcess.StartAsync(folder.Path);
        var history = await last.GetAsync("/v1/users/ann/consent/history");
        Assert.Equal(acknowledged, history.GetProperty("changes").EnumerateArray()
            .Select(change => change.GetProperty("purposes").GetProperty("training").GetString()));
        Assert.Null(Verify(await last.GetAsync("/v1/audit?limit=1000")));
    }

    [Fact]
    public async Task Configuration_and_choices_are_in_one_chain_that_names_nobody()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);
        await PutAsync(node, "ann@example.com", "denied");
        await node.PostAsync("/v1/configuration", new { experiences = new { a = new { } }, items = new[] { new { id = "boot" } } });
        using var deleted = await node.Http.DeleteAsync("/v1/experiences/a");
        deleted.EnsureSuccessStatusCode();
        await PutAsync(node, "bob", "denied");

        var trail = await node.GetAsync("/v1/audit");

        Assert.DoesNotContain("ann@example.com", trail.GetRawText(), StringComparison.Ordinal);
        Assert.Null(Verify(trail));
        var entries = trail.GetProperty("entries").EnumerateArray().ToArray();
        Assert.Equal(
            ["configuration", "configuration", "consent", "consent"],
            entries.Select(entry => entry.GetProperty("kind").GetString()).Order(StringComparer.Ordinal));
        Assert.Contains(entries, entry => entry.GetProperty("details").GetString()!.Contains(
            """
            "put":["experiences/a"],"removed":[],"items":{"put":1,"removed":0}
            """.Trim(), StringComparison.Ordinal));
        Assert.Contains(entries, entry => entry.GetProperty("details").GetString()!.Contains(
            "\"removed\":[\"experiences/a\"]", StringComparison.Ordinal));

        var subjects = entries.Where(entry => entry.TryGetProperty("subject", out _)).Select(entry => entry.GetProperty("subject").GetString());
        Assert.Equal(2, subjects.Distinct().Count());
    }

    [Fact]
    public async Task The_trail_is_read_in_parts_and_a_faulty_question_is_refused()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);
        for (var i = 0; i < 5; i++)
        {
            await PutAsync(node, $"person-{i}", "denied");
        }

        var part = await node.GetAsync("/v1/audit?after=2&limit=2");
        Assert.Equal([3, 4], part.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("sequence").GetInt64()));
        Assert.Equal(5, part.GetProperty("head").GetProperty("sequence").GetInt64());
        Assert.Empty((await node.GetAsync("/v1/audit?chain=1")).GetProperty("entries").EnumerateArray());
        foreach (var query in (string[])["limit=0", "limit=1001", "after=-1", "after=x", "chain=-1"])
        {
            using var refused = await node.Http.GetAsync($"/v1/audit?{query}");
            Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    // Of two choices in one millisecond the stricter would hold.
    private static async Task PutAsync(ServerProcess node, string person, string choice, DateTime? since = null)
    {
        using var response = await node.Http.PutAsJsonAsync($"/v1/users/{person}/consent", new { purposes = new { training = choice }, since });
        response.EnsureSuccessStatusCode();
    }

    private static AuditFault? Verify(JsonElement trail)
    {
        var chain = new AuditChain();
        foreach (var entry in trail.GetProperty("entries").EnumerateArray())
        {
            var read = new AuditEntry(
                entry.GetProperty("sequence").GetInt64(),
                entry.GetProperty("time").GetDateTimeOffset().ToUnixTimeMilliseconds(),
                entry.GetProperty("kind").GetString()!,
                entry.GetProperty("actor").GetString()!,
                entry.TryGetProperty("subject", out var subject) ? subject.GetString() : null,
                entry.GetProperty("details").GetString()!,
                Convert.FromHexString(entry.GetProperty("previous").GetString()!),
                Convert.FromHexString(entry.GetProperty("hash").GetString()!));
            if (chain.Follow(read) is { } fault)
            {
                return fault;
            }
        }

        var head = trail.GetProperty("head");
        return chain.End(new AuditHead(head.GetProperty("sequence").GetInt64(), Convert.FromHexString(head.GetProperty("hash").GetString()!)));
    }
}
