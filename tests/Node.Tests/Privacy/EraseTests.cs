using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Personalization.Node.Tests.Privacy;

/// <summary>Nothing is left of who is erased, in any file, and nothing is missing of anybody else.</summary>
public sealed class EraseTests
{
    [Fact]
    public async Task Nothing_of_an_erased_person_is_in_any_file_when_the_answer_comes()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);
        await Visitor.ConfigureAsync(node);
        await Visitor.VisitAsync(node, "victim-4711");
        await Visitor.VisitAsync(node, "neighbour");
        await Visitor.EraseAsync(node, "nobody-yet");
        Assert.NotEmpty(Traces.Find(folder.Path, "victim-4711"));
        Assert.NotEmpty(Traces.Find(folder.Path, Visitor.MarkOf("victim-4711")));
        await Visitor.VisitAsync(node, "victim-4711", "later");

        var receipt = await Visitor.EraseAsync(node, "victim-4711");

        Assert.Empty(Traces.Find(folder.Path, "victim-4711", Visitor.MarkOf("victim-4711")));
        Assert.True(receipt.GetProperty("finished").GetBoolean());
        Assert.Equal(1, receipt.GetProperty("erased").GetProperty("profiles").GetInt64());
        Assert.Equal(2, receipt.GetProperty("erased").GetProperty("decisions").GetInt64());
        Assert.Equal(1, receipt.GetProperty("erased").GetProperty("trainingSessions").GetInt64());
        Assert.DoesNotContain("victim", receipt.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await node.Http.GetAsync("/v1/users/victim-4711")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await node.Http.GetAsync("/v1/users/victim-4711/export")).StatusCode);
        Assert.Equal(1, await Visitor.ViewsAsync(node, "neighbour"));
        Assert.Single((await node.GetAsync("/v1/users/neighbour/export")).GetProperty("decisions").EnumerateArray());
    }

    [Theory]
    [InlineData("login-4711")]
    [InlineData("phone-4711")]
    public async Task A_login_and_its_devices_are_one_person_whichever_of_them_is_named(string named)
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);
        await Visitor.ConfigureAsync(node);
        await Visitor.VisitAsync(node, "phone-4711");
        await Visitor.VisitAsync(node, "laptop-4711");
        await node.PostAsync("/v1/events", new
        {
            events = new[]
            {
                new { messageId = "i1", type = "identify", anonymousId = "phone-4711", userId = "login-4711" },
                new { messageId = "i2", type = "identify", anonymousId = "laptop-4711", userId = "login-4711" },
            },
        });
        Assert.Equal(2, (await node.GetAsync("/v1/users/login-4711/export")).GetProperty("decisions").GetArrayLength());

        var receipt = await Visitor.EraseAsync(node, named);

        Assert.Empty(Traces.Find(folder.Path, "phone-4711", "laptop-4711", "login-4711"));
        Assert.Equal(2, receipt.GetProperty("erased").GetProperty("decisions").GetInt64());
        Assert.Equal(0, (await node.GetAsync("/v1/stats")).GetProperty("profiles").GetInt64());
    }

    [Fact]
    public async Task An_erase_of_somebody_unknown_answers_that_nothing_was_erased()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);

        var receipt = await Visitor.EraseAsync(node, "unheard-of");

        Assert.Equal(0, receipt.GetProperty("erased").GetProperty("profiles").GetInt64());
        Assert.Equal(0, receipt.GetProperty("erased").GetProperty("decisions").GetInt64());
        Assert.Empty(Traces.Find(folder.Path, "unheard-of"));
    }

    [Fact]
    public async Task What_comes_after_an_erase_is_a_new_profile_and_survives_a_restart()
    {
        using var folder = new TemporaryFolder();
        await using (var node = await NodeProcess.StartAsync(folder.Path))
        {
            await Visitor.VisitAsync(node, "again", "before");
            await Visitor.VisitAsync(node, "again", "before-too");
            await Visitor.EraseAsync(node, "again");
            await Visitor.VisitAsync(node, "again", "after");
            Assert.Equal(1, await Visitor.ViewsAsync(node, "again"));
            await node.KillAsync();
        }

        await using var restarted = await NodeProcess.StartAsync(folder.Path);
        Assert.Equal(1, await Visitor.ViewsAsync(restarted, "again"));
    }

    [Fact]
    public async Task Hundreds_erased_at_once_from_thousands_leave_no_trace_and_no_hole()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);
        var random = new Random(11);
        var people = Enumerable.Range(0, 6000).Select(_ => new Guid([.. Enumerable.Range(0, 16).Select(_ => (byte)random.Next(256))]).ToString()).ToArray();
        foreach (var some in people.Chunk(250))
        {
            await node.PostAsync("/v1/events", new
            {
                events = some.Select(id => new { messageId = "1", type = "view", anonymousId = id, properties = new { itemId = "shoe", category = Visitor.MarkOf(id) } }),
            });
        }

        random.Shuffle(people);
        var gone = people[..800];
        using var begun = await node.Http.PostAsJsonAsync("/v1/users/erase", new { ids = gone });
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        var erasure = await node.UntilAsync(begun.Headers.Location!.ToString(), found => found!.Value.GetProperty("finished").GetBoolean());

        Assert.Equal(800, erasure!.Value.GetProperty("erased").GetProperty("profiles").GetInt64());
        Assert.Empty(Traces.Find(folder.Path, gone));
        Assert.Equal(5200, (await node.GetAsync("/v1/stats")).GetProperty("profiles").GetInt64());
        foreach (var id in people[800..].Where((_, i) => i % 100 == 0))
        {
            Assert.Equal(1, await Visitor.ViewsAsync(node, id));
        }
    }

    [Fact]
    public async Task Events_and_decisions_go_on_while_people_are_erased()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);
        await Visitor.ConfigureAsync(node);
        using var stop = new CancellationTokenSource();
        var visits = Enumerable.Range(0, 2).Select(lane => Task.Run(async () =>
        {
            var sent = 0;
            for (; !stop.IsCancellationRequested; sent++)
            {
                await Visitor.VisitAsync(node, $"busy-{lane}", $"{sent}-");
            }

            return sent;
        })).ToArray();
        for (var i = 0; i < 10; i++)
        {
            await Visitor.VisitAsync(node, $"leaver-{i}");
            await Visitor.EraseAsync(node, $"leaver-{i}");
            Assert.Empty(Traces.Find(folder.Path, $"leaver-{i}"));
        }

        await stop.CancelAsync();
        for (var lane = 0; lane < visits.Length; lane++)
        {
            Assert.Equal(await visits[lane], await Visitor.ViewsAsync(node, $"busy-{lane}"));
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"ids\":[]}")]
    [InlineData("{\"ids\":[\"a\",7]}")]
    [InlineData("{\"ids\":[\"\"]}")]
    public async Task A_list_that_is_none_is_refused_with_its_path(string body)
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await node.Http.PostAsync("/v1/users/erase", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.StartsWith("ids", problem.GetProperty("errors")[0].GetProperty("path").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_can_send_the_mark_of_the_log()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);
        await Visitor.VisitAsync(node, "target");
        var answer = await node.PostAsync("/v1/events", new { events = new[] { new { messageId = "x", type = "$erase", userId = "target" } } });

        Assert.Equal("reserved", answer.GetProperty("rejected")[0].GetProperty("code").GetString());
        Assert.Equal(1, await Visitor.ViewsAsync(node, "target"));
    }
}
