using System.Globalization;
using System.Text;
using Personalization.Cli.Replay;
using Personalization.Cli.Tests.Support;

namespace Personalization.Cli.Tests.Replay;

public sealed class ReplayCommandTests
{
    private const string Eshop = "data/eshop/clicks_2008_04_07.csv.gz";

    private static readonly string Mapping = Path.Combine(
        Path.GetDirectoryName(typeof(ReplayCommandTests).Assembly.Location)!, "../../../../../samples/eshop.mapping.yaml");

    [Theory]
    [InlineData("1")]
    [InlineData("16")]
    public async Task A_persons_events_arrive_in_order_and_one_request_at_a_time(string concurrency)
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        var random = new Random(7);
        var sent = Enumerable.Range(0, 20_000).Select(i => (Person: $"p{random.Next(40)}", Id: $"{i}")).ToList();
        var file = folder.WriteGzip("e.ndjson.gz", string.Concat(sent.Select(e => Line(e.Id, e.Person))));

        var run = await CommandRun.OfAsync("replay", file, "--concurrency", concurrency, "--server", server.Address);

        Assert.Equal((0, "accepted 20,000, already known 0, rejected 0\n"), (run.ExitCode, run.Out));
        Assert.Empty(server.Overtaken);
        Assert.All(server.Batches, size => Assert.InRange(size, 1, 500));
        foreach (var person in sent.GroupBy(e => e.Person, e => e.Id))
        {
            Assert.Equal(person, server.EventsByPerson[person.Key].Select(e => (string)e["messageId"]!));
        }
    }

    [Fact]
    public async Task A_login_waits_for_the_device_that_it_ties_to_a_person()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        var order = new List<string>();
        server.Instead = context =>
        {
            using var body = new StreamReader(context.Request.Body);
            lock (order)
            {
                order.Add(body.ReadToEndAsync().GetAwaiter().GetResult());
            }

            return Microsoft.AspNetCore.Http.Results.Text("""{"accepted":1,"duplicates":0,"rejected":[]}""", "application/json", statusCode: 202);
        };

        // Thirty people, so that some pair of ids goes through different lanes whatever the hash of the day.
        var lines = new StringBuilder();
        for (var i = 0; i < 30; i++)
        {
            lines.Append(Line($"device-{i}.", $"d{i}"))
                .Append(CultureInfo.InvariantCulture, $$"""{"messageId":"login-{{i}}.","type":"identify","anonymousId":"d{{i}}","userId":"u{{i}}"}""").Append('\n')
                .Append(Line($"later-{i}.", $"d{i}"));
        }

        var run = await CommandRun.OfAsync("replay", folder.Write("e.ndjson", lines.ToString()), "--server", server.Address);

        Assert.Equal(0, run.ExitCode);
        var all = string.Concat(order);
        for (var i = 0; i < 30; i++)
        {
            int At(string id) => all.IndexOf($"{id}-{i}.", StringComparison.Ordinal);
            Assert.InRange(At("login"), At("device"), At("later"));
        }
    }

    [Fact]
    public async Task Rejected_events_are_summed_up_by_code_with_their_lines_and_end_with_one()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        var file = folder.Write(
            "e.ndjson",
            Line("1", "a") + "not json\n\n" + Line("2", "a", "bad") + Line("3", "b", "bad") + Line("4", "b") + Line("5", "b", "bad") + Line("6", "b", "bad"));

        var run = await CommandRun.OfAsync("replay", file, "--server", server.Address, "--concurrency", "1");

        Assert.Equal((1, "accepted 2, already known 0, rejected 5\n"), (run.ExitCode, run.Out));
        Assert.Contains("rejected 1: invalid_json\n  line 2: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(
            "rejected 4: invalid_type\n  line 4: type: no such type\n  line 5: type: no such type\n  line 7: type: no such type\n",
            run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sending_a_file_again_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        var file = folder.Write("e.ndjson", Line("1", "a") + Line("2", "a"));
        await CommandRun.OfAsync("replay", file, "--server", server.Address);
        var again = await CommandRun.OfAsync("replay", file, "--server", server.Address);
        Assert.Equal((0, "accepted 0, already known 2, rejected 0\n"), (again.ExitCode, again.Out));
    }

    [Fact]
    public async Task Large_events_share_a_request_only_as_far_as_it_holds_them()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        string Wide(int id) => $$$"""{"messageId":"{{{id}}}","type":"view","anonymousId":"a","properties":{"query":"{{{new string('w', 400_000)}}}"}}""" + "\n";
        var huge = $$$"""{"messageId":"h","type":"view","anonymousId":"a","properties":{"query":"{{{new string('w', 1_100_000)}}}"}}""" + "\n";
        var file = folder.Write("e.ndjson", string.Concat(Enumerable.Range(0, 5).Select(Wide)) + huge);

        var run = await CommandRun.OfAsync("replay", file, "--server", server.Address, "--concurrency", "1");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(5, server.Batches.Sum());
        Assert.All(server.Batches, size => Assert.InRange(size, 1, 2));
        Assert.Contains("rejected 1: too_large\n  line 6: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_a_speed_the_time_between_events_is_waited_for()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        string At(string id, string time) => $$"""{"messageId":"{{id}}","type":"view","anonymousId":"a","timestamp":"2020-01-01T{{time}}Z"}""" + "\n";
        var file = folder.Write("e.ndjson", At("1", "10:00:00") + At("2", "10:01:00") + At("3", "10:00:30") + At("4", "10:03:00"));

        var run = await CommandRun.OfAsync("replay", file, "--speed", "60x", "--server", server.Address);

        // One second for the first minute, nothing for what is late, two more for the rest; timers end at millisecond grain.
        Assert.Equal(0, run.ExitCode);
        Assert.Equal([1, 2], run.Waits.Select(wait => Math.Round(wait.TotalSeconds, 1)));
    }

    [Theory]
    [InlineData("max", double.PositiveInfinity)]
    [InlineData("60", 60)]
    [InlineData("0.5x", 0.5)]
    public void Speeds_are_max_or_a_multiple(string text, double multiple) => Assert.Equal(multiple, Speed.Parse(text)!.Value.Multiple);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("fast")]
    public void Other_speeds_are_refused(string text) => Assert.Null(Speed.Parse(text));

    [Fact]
    public async Task A_damaged_file_is_one_clear_line()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        var file = folder.WriteGzip("e.ndjson.gz", string.Concat(Enumerable.Range(0, 1000).Select(i => Line($"{i}", $"p{i}"))));
        var bytes = await File.ReadAllBytesAsync(file);
        bytes.AsSpan(bytes.Length / 2, 40).Fill(0xFF);
        await File.WriteAllBytesAsync(file, bytes);
        var run = await CommandRun.OfAsync("replay", file, "--server", server.Address);
        Assert.Equal(1, run.ExitCode);
        Assert.Matches("^error: The gzip file is damaged: [^\n]+\n$", run.Error);
    }

    [Fact]
    public async Task Lines_that_are_no_utf8_are_rejected_alone()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        var file = folder["e.ndjson"];
        await File.WriteAllBytesAsync(file, [.. Encoding.UTF8.GetBytes(Line("1", "a")), .. Encoding.Latin1.GetBytes(Line("2", "\u00e9")), .. Encoding.UTF8.GetBytes(Line("3", "\u00e9"))]);
        var run = await CommandRun.OfAsync("replay", file, "--server", server.Address);
        Assert.Equal((1, "accepted 2, already known 0, rejected 1\n"), (run.ExitCode, run.Out));
        Assert.Equal(["a", "\u00e9"], server.EventsByPerson.Keys.Order());
    }

    [Fact]
    public async Task Rows_without_a_mapping_and_items_without_their_section_are_refused()
    {
        using var folder = new TemporaryFolder();
        var table = await CommandRun.OfAsync("replay", "clicks.csv.gz");
        Assert.Equal((1, "error: clicks.csv.gz holds rows, not events. --mapping says how a row becomes an event.\n"), (table.ExitCode, table.Error));

        var mapping = folder.Write("m.yaml", "event: { messageId: \"{a}\", type: view, anonymousId: x }");
        var items = await CommandRun.OfAsync("replay", folder.Write("t.csv", "a\n1\n"), "--mapping", mapping, "--items");
        Assert.Equal((1, $"error: {mapping} has no 'items' section.\n"), (items.ExitCode, items.Error));
    }

    [Fact]
    public async Task Rows_become_events_and_their_items_are_put_first_and_once()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        var file = folder.Write(
            "clicks.csv",
            """
            year;month;day;order;country;session ID;page 1 (main category);page 2 (clothing model);colour;location;model photography;price;price 2;page
            2008;4;1;1;29;1;1;A13;1;5;1;28;2;1
            2008;4;1;2;29;1;3;C20;8;6;1;33;2;1
            2008;4;2;1;9;2;1;A13;1;5;1;28;2;1
            2008;4;2;2;9;2;7;X1;1;5;1;28;2;1
            """);

        var run = await CommandRun.OfAsync("replay", file, "--mapping", Mapping, "--items", "--server", server.Address);

        Assert.Equal((1, "items 2\naccepted 3, already known 0, rejected 1\n"), (run.ExitCode, run.Out));
        Assert.Contains("line 5: the map has no \"7\"", run.Error, StringComparison.Ordinal);
        Assert.Equal(
            """{"id":"A13","title":"Trousers A13","category":"trousers","price":28,"attributes":{"colour":"beige","photo":"en face","position":"bottom middle","page":1}}""",
            server.Items[0].ToJsonString());
        Assert.Equal("""{"itemId":"C20","category":"blouses","price":33}""", server.EventsByPerson["eshop-1"][1]["properties"]!.ToJsonString());
        Assert.Equal("2008-04-01T00:00:02Z", (string?)server.EventsByPerson["eshop-1"][1]["timestamp"]);
        Assert.Equal("1-2", (string?)server.EventsByPerson["eshop-1"][1]["messageId"]);
    }

    [SharedFact(Eshop)]
    public async Task The_whole_eshop_clickstream_is_taken()
    {
        await using var server = await StandInServer.StartAsync();
        var run = await CommandRun.OfAsync("replay", SharedFolder.FilePath(Eshop), "--mapping", Mapping, "--items", "--server", server.Address);
        Assert.Equal((0, "items 217\naccepted 151,326, already known 0, rejected 0\n"), (run.ExitCode, run.Out));
        Assert.Empty(server.Overtaken);
    }

    private static string Line(string id, string person, string type = "view") =>
        $$"""{"messageId":"{{id}}","type":"{{type}}","anonymousId":"{{person}}"}""" + "\n";
}
