using System.Diagnostics;
using System.Net.Http.Json;

namespace Personalization.Silo.Tests;

/// <summary>Many people at many silos: every person's events go one batch after the other, and a batch that fails is sent again elsewhere.</summary>
internal sealed class Crowd(ClusterUnderTest cluster, int people, int events) : IDisposable
{
    private const int Senders = 16;
    private const int BatchEvents = 100;
    private const int MostPerSecond = 4000;

    private static readonly string[] Types = ["view", "click", "add_to_cart", "purchase", "search"];

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private int _sent;

    /// <summary>Gets how many events were acknowledged.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Gets how many batches had to be sent again.</summary>
    public int Repeated { get; private set; }

    public Task SendAsync() => Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() => SendAsync(sender))));

    private async Task SendAsync(int sender)
    {
        var random = new Random(sender);
        var mine = people / Senders;
        for (var batch = 0; batch < (events + (Senders * BatchEvents) - 1) / Senders / BatchEvents; batch++)
        {
            var body = new
            {
                events = Enumerable.Range(0, BatchEvents).Select(i => new
                {
                    messageId = $"{sender}-{batch}-{i}",
                    type = Types[random.Next(Types.Length)],
                    anonymousId = $"person-{(sender * mine) + random.Next(mine)}",
                    properties = new { itemId = $"item-{random.Next(500)}", category = $"category-{random.Next(10)}" },
                }).ToArray(),
            };
            while (!await TrySendAsync(body))
            {
                Repeated++;
                await Task.Delay(200);
            }

            var ahead = (Interlocked.Add(ref _sent, BatchEvents) / (double)MostPerSecond) - _clock.Elapsed.TotalSeconds;
            if (ahead > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(ahead));
            }
        }
    }

    private async Task<bool> TrySendAsync(object body)
    {
        try
        {
            using var response = await _http.PostAsJsonAsync($"{cluster.Any().Address}/v1/events", body);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            return false;
        }
    }

    public void Dispose() => _http.Dispose();
}
