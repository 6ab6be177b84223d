using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Personalization.Cli.Tests.Support;

/// <summary>Answers as the API promises to, on a real port, and remembers what it was sent.</summary>
internal sealed class StandInServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _underWay = new();
    private readonly HashSet<(string Person, string MessageId)> _known = [];
    private readonly Lock _gate = new();

    private StandInServer(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>Gets the accepted events of each person, in the order of their arrival.</summary>
    public Dictionary<string, List<JsonObject>> EventsByPerson { get; } = [];

    /// <summary>Gets the sizes of the batches of events.</summary>
    public List<int> Batches { get; } = [];

    public List<JsonObject> Items { get; } = [];

    /// <summary>Gets what was put elsewhere, by path.</summary>
    public Dictionary<string, JsonNode?> Puts { get; } = [];

    public List<(string Query, JsonNode Body)> Configurations { get; } = [];

    public List<JsonNode> Decisions { get; } = [];

    /// <summary>Gets the people two of whose requests were under way at the same time.</summary>
    public ConcurrentBag<string> Overtaken { get; } = [];

    public long LearnedBefore { get; set; }

    /// <summary>Gets or sets what a request is answered instead; null answers it.</summary>
    public Func<HttpContext, IResult?> Instead { get; set; } = _ => null;

    /// <summary>Gets or sets what each placement shows a person.</summary>
    public Func<string, Dictionary<string, string[]>> Shows { get; set; } = _ => [];

    public Func<(int Status, string Json)> ConfigurationAnswer { get; set; } = () => (200, """{"revision":3,"changed":[],"unchanged":0}""");

    public IEnumerable<JsonObject> Events => EventsByPerson.Values.SelectMany(events => events);

    public static async Task<StandInServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        var server = new StandInServer(builder.Build());
        server.Map();
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private void Map()
    {
        _app.Use(async (context, next) =>
        {
            if (Instead(context) is { } instead)
            {
                await instead.ExecuteAsync(context);
                return;
            }

            await next(context);
        });
        _app.MapPost("/v1/events", ReceiveAsync);
        _app.MapPost("/v1/decide", DecideAsync);
        _app.MapPost("/v1/configuration", async (HttpRequest request) =>
        {
            Configurations.Add((request.QueryString.Value ?? "", (await BodyAsync(request))!));
            var (status, json) = ConfigurationAnswer();
            return Results.Text(json, status == 200 ? "application/json" : "application/problem+json", statusCode: status);
        });
        _app.MapPut("/v1/items", async (HttpRequest request) =>
        {
            Items.AddRange((await BodyAsync(request))!["items"]!.AsArray().Select(item => item!.AsObject()));
            return Results.Ok();
        });
        _app.MapPut("/v1/{kind}/{id}", async (HttpRequest request) => Puts[request.Path] = await BodyAsync(request));
        _app.MapGet("/v1/stats", () => Results.Text(
            string.Create(CultureInfo.InvariantCulture, $$"""{"events":{{LearnedBefore}},"profiles":0,"items":0}"""), "application/json"));
    }

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        var events = (await BodyAsync(request))!["events"]!.AsArray();
        var people = events.Select(PersonOf).Distinct().ToList();
        foreach (var person in people.Where(person => _underWay.AddOrUpdate(person, 1, (_, count) => count + 1) > 1))
        {
            Overtaken.Add(person);
        }

        // Long enough for a later batch to overtake, if it were sent.
        await Task.Delay(events.Count % 5);
        var rejected = new JsonArray();
        var (accepted, duplicates) = (0, 0);
        lock (_gate)
        {
            Batches.Add(events.Count);
            foreach (var (index, received) in events.Index())
            {
                if ((string?)received!["type"] is null or "bad")
                {
                    rejected.Add(new JsonObject { ["index"] = index, ["code"] = "invalid_type", ["detail"] = "no such type", ["path"] = "type" });
                }
                else if (!_known.Add((PersonOf(received), (string)received["messageId"]!)))
                {
                    duplicates++;
                }
                else
                {
                    accepted++;
                    var person = PersonOf(received);
                    (EventsByPerson.TryGetValue(person, out var known) ? known : EventsByPerson[person] = []).Add(received.AsObject());
                }
            }
        }

        foreach (var person in people)
        {
            _underWay.AddOrUpdate(person, 0, (_, count) => count - 1);
        }

        return Results.Json(
            new JsonObject { ["accepted"] = accepted, ["duplicates"] = duplicates, ["rejected"] = rejected, ["profileVersion"] = 1 }, statusCode: 202);
    }

    private async Task<IResult> DecideAsync(HttpRequest request)
    {
        var asked = (await BodyAsync(request))!;
        lock (_gate)
        {
            Decisions.Add(asked);
            var placements = new JsonObject(Shows((string)asked["anonymousId"]!).Select(shown => KeyValuePair.Create(shown.Key, (JsonNode?)new JsonObject
            {
                ["experience"] = $"x.{shown.Key}",
                ["propensity"] = 1,
                ["items"] = new JsonArray([.. shown.Value.Select(id => new JsonObject { ["id"] = id, ["score"] = 1 })]),
            })));
            return Results.Json(new JsonObject { ["decisionId"] = $"d{Decisions.Count}", ["placements"] = placements });
        }
    }

    private static string PersonOf(JsonNode? received) => (string?)received!["userId"] ?? (string?)received["anonymousId"] ?? "";

    private static async Task<JsonNode?> BodyAsync(HttpRequest request) => await JsonNode.ParseAsync(request.Body);
}
