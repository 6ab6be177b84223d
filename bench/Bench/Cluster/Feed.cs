using System.Net.Http.Headers;
using System.Text;
using Personalization.Bench.Workload;

namespace Personalization.Bench.Cluster;

/// <summary>Sends a fixed number of events over HTTP, batches of 100 from several connections, each its next when the last is acknowledged.</summary>
internal static class Feed
{
    public const int Connections = 16;

    /// <summary>Sends new events of people at random to servers in turn.</summary>
    /// <param name="run">Makes the message ids those of no other run.</param>
    public static async Task SendAsync(IReadOnlyList<HttpClient> servers, int people, int run, int events)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async connection =>
        {
            for (var line = Interlocked.Increment(ref next); line < events / Bodies.BatchEvents; line = Interlocked.Increment(ref next))
            {
                using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(Bodies.Numbered(people, run, line)));
                body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var response = await servers[line % servers.Count].PostAsync("/v1/events", body);
                response.EnsureSuccessStatusCode();
            }
        }));
    }

    /// <summary>Asks for everybody once, so that all are in memory somewhere.</summary>
    public static async Task WarmAsync(IReadOnlyList<HttpClient> servers, int people) =>
        await Parallel.ForAsync(0, people, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (person, cancellation) =>
        {
            using var body = new StringContent(Bodies.DecideFor(person), Encoding.UTF8, "application/json");
            using var response = await servers[person % servers.Count].PostAsync("/v1/decide", body, cancellation);
            response.EnsureSuccessStatusCode();
        });

    /// <summary>Waits until decisions are whole: learned statistics come around within seconds.</summary>
    public static async Task UntilWholeAsync(HttpClient server)
    {
        for (var left = 100; ; left--)
        {
            try
            {
                await Measurements.DecideOverHttp.CheckAsync(server, 0);
                return;
            }
            catch (InvalidOperationException) when (left > 0)
            {
                await Task.Delay(200);
            }
        }
    }
}
