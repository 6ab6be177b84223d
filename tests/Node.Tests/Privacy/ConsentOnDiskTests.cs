using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace Personalization.Node.Tests.Privacy;

/// <summary>What a person denied is looked for in every file of the data folder, byte for byte.</summary>
public sealed class ConsentOnDiskTests
{
    private const string Marker = "never-to-be-stored-7f3a9c";

    [Fact]
    public async Task What_is_denied_is_found_in_no_file_while_it_runs_after_a_kill_and_after_a_stop()
    {
        using var folder = new TemporaryFolder();
        await using (var node = await NodeProcess.StartAsync(folder.Path))
        {
            await PutAsync(node, "ann", "denied");
            await SendAsync(node, "ann", "stored choice");
            await SendAsync(node, "bob", "own consent", ("personalization", "denied"));
            await DecideAsync(node, "ann", consent: null);
            await DecideAsync(node, "cid", new { personalization = false });

            // A choice holds for what comes behind it in the same batch, and in the same stream, before anything of either is folded.
            await node.PostAsync("/v1/events", new { events = new[] { Choice("dan"), Marked("dan", "m1", null) } });
            var lines = Enumerable.Range(0, 2000).Select(i => i == 0 ? Json(Choice("eve")) : Json(Marked("eve", $"s{i}", null)));
            using var stream = new StringContent(string.Join('\n', lines), new MediaTypeHeaderValue("application/x-ndjson"));
            using var streamed = await node.Http.PostAsync("/v1/events", stream);
            Assert.Contains("\"dropped\":1999", await streamed.Content.ReadAsStringAsync(), StringComparison.Ordinal);

            await SendAsync(node, "fay", "allowed", marker: "this-may-be-stored");
            AssertNowhere(folder.Path);
            Assert.True(IsAnywhere(folder.Path, "this-may-be-stored"), "The search finds nothing at all.");
            await node.KillAsync();
        }

        AssertNowhere(folder.Path);
        await using (var node = await NodeProcess.StartAsync(folder.Path))
        {
            // The choice survived, so the door still knows it.
            await SendAsync(node, "ann", "after the kill");
            AssertNowhere(folder.Path);
        }

        AssertNowhere(folder.Path);
    }

    [Fact]
    public async Task Denying_personalization_takes_what_was_stored_out_of_the_profile_and_in_the_end_out_of_the_files()
    {
        using var folder = new TemporaryFolder();
        await using (var node = await NodeProcess.StartAsync(folder.Path))
        {
            await node.PostAsync("/v1/events", new
            {
                events = new[]
                {
                    new { messageId = "1", type = "view", anonymousId = "ann", properties = new { category = Marker, brand = Marker } },
                },
            });
            Assert.Equal(1, (await node.GetAsync("/v1/users/ann")).GetProperty("affinities").GetProperty("brands").GetProperty(Marker).GetDouble());
        }

        Assert.True(IsAnywhere(folder.Path, Marker), "The profile was not stored.");
        await using (var node = await NodeProcess.StartAsync(folder.Path))
        {
            await PutAsync(node, "ann", "denied");
            Assert.Empty((await node.GetAsync("/v1/users/ann")).GetProperty("affinities").GetProperty("brands").EnumerateObject());
        }

        AssertNowhere(folder.Path);
    }

    [Fact]
    public async Task Unknown_consent_can_be_made_to_count_as_denied_and_signals_to_count_as_nothing()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path, "--unknown-consent", "deny", "--gpc-denies", "", "--dnt-denies", "personalization");

        await SendAsync(node, "ann", "unknown");
        await PutAsync(node, "ann", "granted");
        var taken = await node.PostAsync("/v1/events", new { events = new[] { new { messageId = "2", type = "view", anonymousId = "ann" } } });
        Assert.Equal(1, taken.GetProperty("accepted").GetInt32());

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events");
        request.Headers.Add("DNT", "1");
        request.Content = JsonContent.Create(new { events = new[] { Marked("ann", "3", null) } });
        using var response = await node.Http.SendAsync(request);
        Assert.Contains("\"dropped\":1", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        AssertNowhere(folder.Path);
    }

    [Theory]
    [InlineData("--gpc-denies", "ads", "--gpc-denies names something that is no purpose")]
    [InlineData("--unknown-consent", "maybe", "maybe")]
    public async Task An_option_that_names_no_purpose_is_refused(string option, string value, string error)
    {
        var (exitCode, errors) = await NodeProcess.RunAsync(option, value);

        Assert.NotEqual(0, exitCode);
        Assert.Contains(error, errors, StringComparison.Ordinal);
    }

    private static async Task PutAsync(ServerProcess node, string person, string choice)
    {
        using var response = await node.Http.PutAsJsonAsync($"/v1/users/{person}/consent", new { purposes = new { personalization = choice } });
        response.EnsureSuccessStatusCode();
    }

    private static async Task SendAsync(ServerProcess node, string person, string message, (string Purpose, string Choice)? own = null, string? marker = null)
    {
        var consent = own is var (purpose, choice) ? new Dictionary<string, string> { [purpose] = choice } : null;
        var answer = await node.PostAsync("/v1/events", new { events = new[] { Marked(person, message, consent, marker ?? Marker) } });
        Assert.Equal(marker is null ? 1 : 0, answer.GetProperty("dropped").GetInt32());
    }

    private static async Task DecideAsync(ServerProcess node, string person, object? consent) => await node.PostAsync("/v1/decide", new
    {
        anonymousId = person,
        consent,
        page = new { url = $"https://shop.example/{Marker}" },
        context = new { secret = Marker },
    });

    private static object Choice(string person) =>
        new { messageId = "choice", type = "consent", anonymousId = person, consent = new { personalization = "denied" }, properties = new { query = Marker } };

    private static object Marked(string person, string message, object? consent, string marker = Marker) => new
    {
        messageId = $"{message} {marker}",
        type = $"type-{marker}",
        anonymousId = person,
        consent,
        properties = new { itemId = marker, category = marker, brand = marker, query = marker, placement = marker, decisionId = marker },
    };

    private static string Json(object value) => System.Text.Json.JsonSerializer.Serialize(value);

    private static void AssertNowhere(string folder) => Assert.False(IsAnywhere(folder, Marker), "What was denied is on the disk.");

    private static bool IsAnywhere(string folder, string marker) => Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "lock")
        .Any(file => Read(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(marker)) >= 0);

    private static byte[] Read(string file)
    {
        // The server has it open.
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes;
    }
}
