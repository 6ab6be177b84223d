using System.Net.Http.Json;

namespace Personalization.Silo.Tests;

/// <summary>A few people who click all the time, at whatever silo; what is not acknowledged is sent again as it was.</summary>
internal sealed class ClickFlow : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly ClusterUnderTest _cluster;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(8) };
    private readonly CancellationTokenSource _stop = new();
    private readonly int[] _clicks;
    private readonly Task[] _clicking;
    private int _acknowledged;

    public ClickFlow(ClusterUnderTest cluster, int people = 8)
    {
        (_cluster, _clicks) = (cluster, new int[people]);
        _clicking = [.. Enumerable.Range(0, people).Select(person => Task.Run(() => ClickAsync(person)))];
    }

    /// <summary>Waits until so many more clicks are acknowledged.</summary>
    public async Task GoOnAsync(int clicks = 200)
    {
        using var limit = new CancellationTokenSource(Limit);
        for (var goal = Volatile.Read(ref _acknowledged) + clicks; Volatile.Read(ref _acknowledged) < goal;)
        {
            await Task.Delay(Pause, limit.Token);
        }
    }

    /// <summary>Ends it once the last click is acknowledged.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clicking);
    }

    /// <summary>Sees that every profile holds every acknowledged click, and holds it once.</summary>
    public async Task AssertCountedOnceAsync(ServerProcess silo)
    {
        for (var person = 0; person < _clicks.Length; person++)
        {
            var clicks = _clicks[person];
            var profile = await silo.UntilAsync($"/v1/users/{NameOf(person)}", found => Clicks.In(found) >= clicks);
            Assert.Equal(clicks, Clicks.In(profile));
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        Task.WaitAll(_clicking, Limit);
        _http.Dispose();
        _stop.Dispose();
    }

    private static string NameOf(int person) => $"person-{person}";

    private async Task ClickAsync(int person)
    {
        while (!_stop.IsCancellationRequested)
        {
            var click = Clicks.Of(NameOf(person), $"{person}-{_clicks[person]}");
            using var limit = new CancellationTokenSource(Limit);
            while (!await TrySendAsync(click))
            {
                await Task.Delay(Pause, limit.Token);
            }

            _clicks[person]++;
            Interlocked.Increment(ref _acknowledged);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private async Task<bool> TrySendAsync(object body)
    {
        try
        {
            using var response = await _http.PostAsJsonAsync($"{_cluster.Any().Address}/v1/events", body);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            return false;
        }
    }
}
