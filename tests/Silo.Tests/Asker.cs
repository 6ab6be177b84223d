using System.Diagnostics;
using System.Net.Http.Json;

namespace Personalization.Silo.Tests;

/// <summary>Asks for decisions all the time, and counts what was not answered and for how long.</summary>
internal sealed class Asker(ClusterUnderTest cluster, int people) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public int Asked { get; private set; }

    public int Failed { get; private set; }

    public TimeSpan LongestSilence { get; private set; }

    public async Task AskAsync(CancellationToken stop)
    {
        var random = new Random(1);
        var answered = Stopwatch.StartNew();
        while (!stop.IsCancellationRequested)
        {
            Asked++;
            try
            {
                using var response = await _http.PostAsJsonAsync(
                    $"{cluster.Any().Address}/v1/decide", new { anonymousId = $"person-{random.Next(people)}" }, CancellationToken.None);
                response.EnsureSuccessStatusCode();
                LongestSilence = answered.Elapsed > LongestSilence ? answered.Elapsed : LongestSilence;
                answered.Restart();
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
            {
                Failed++;
            }

            await Task.Delay(5, CancellationToken.None);
        }
    }

    public void Dispose() => _http.Dispose();
}
