using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Personalization.Cli.Tests.Support;

namespace Personalization.Cli.Tests.Http;

public sealed class PatientHandlerTests
{
    private const string OneEvent = """{"messageId":"1","type":"view","anonymousId":"a"}""";

    [Fact]
    public async Task A_busy_server_is_asked_again_after_the_time_it_names()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        var busy = 3;
        server.Instead = context =>
        {
            context.Response.Headers.RetryAfter = "7";
            return busy-- > 0 ? Results.StatusCode(503) : null;
        };
        var run = await CommandRun.OfAsync("replay", folder.Write("e.ndjson", OneEvent), "--server", server.Address);
        Assert.Equal((0, "accepted 1, already known 0, rejected 0\n"), (run.ExitCode, run.Out));
        Assert.Equal([7, 7, 7], run.Waits.Select(wait => wait.TotalSeconds));
        Assert.Contains("it answered 503", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_before_the_answer_is_made_again_and_no_event_counts_twice()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        var requests = 0;
        server.Instead = context =>
        {
            if (Interlocked.Increment(ref requests) == 2)
            {
                context.Abort();
                return Results.Empty;
            }

            return null;
        };
        var lines = string.Join('\n', Enumerable.Range(0, 1200).Select(i => $$"""{"messageId":"{{i}}","type":"view","anonymousId":"a"}"""));
        var run = await CommandRun.OfAsync("replay", folder.Write("e.ndjson", lines), "--server", server.Address);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Enumerable.Range(0, 1200).Select(i => $"{i}"), server.EventsByPerson["a"].Select(sent => (string)sent["messageId"]!));
    }

    [Fact]
    public async Task A_server_that_stays_busy_is_given_up_on_after_ten_attempts()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        var requests = 0;
        server.Instead = _ =>
        {
            Interlocked.Increment(ref requests);
            return Results.Problem("The log is full.", statusCode: 503, title: "Busy");
        };
        var run = await CommandRun.OfAsync("replay", folder.Write("e.ndjson", OneEvent), "--server", server.Address);
        Assert.Equal((1, 10), (run.ExitCode, requests));
        Assert.EndsWith($"error: POST {server.Address}/v1/events was answered 503: Busy; The log is full\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_where_nothing_ever_answered_is_given_up_on_soon_with_a_hint()
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        var run = await CommandRun.OfAsync("replay", folder.Write("e.ndjson", OneEvent), "--server", $"http://127.0.0.1:{port}");
        Assert.Equal((1, 2), (run.ExitCode, run.Waits.Count));
        Assert.Contains($"error: No answer from http://127.0.0.1:{port} after 3 attempts", run.Error, StringComparison.Ordinal);
        Assert.Contains("--server says where it is", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_is_said_in_one_line_and_not_tried_again()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StandInServer.StartAsync();
        var requests = 0;
        server.Instead = _ =>
        {
            requests++;
            return Results.Text(
                """{"title":"Bad request.","errors":[{"path":"events","code":"too_many","detail":"At most 500."}]}""", "application/problem+json", statusCode: 400);
        };
        var run = await CommandRun.OfAsync("replay", folder.Write("e.ndjson", OneEvent), "--server", server.Address);
        Assert.Equal((1, 1), (run.ExitCode, requests));
        Assert.Equal($"error: POST {server.Address}/v1/events was answered 400: Bad request; events: At most 500. (too_many)\n", run.Error);
    }
}
