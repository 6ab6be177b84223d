using System.Net.Http.Json;

namespace Personalization.Node.Tests;

/// <summary>A real process under load, killed at random moments.</summary>
public sealed class CrashTests
{
    private const int Kills = 20;
    private const int Senders = 4;
    private const int BatchEvents = 20;
    private const int PeoplePerSender = 5;

    [Fact]
    public async Task Twenty_kills_lose_no_acknowledged_event_and_fold_none_twice()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(7);
        var senders = Enumerable.Range(0, Senders).Select(number => new Sender(number)).ToArray();
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var node = await NodeProcess.StartAsync(folder.Path);
            foreach (var sender in senders)
            {
                await sender.CheckAsync(node);
            }

            using var stop = new CancellationTokenSource();
            var sending = senders.Select(sender => sender.SendAsync(node, stop.Token)).ToArray();
            await Task.Delay(random.Next(20, 600));
            await node.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(sending);
        }

        await using var last = await NodeProcess.StartAsync(folder.Path);
        foreach (var sender in senders)
        {
            await sender.CheckAsync(last);
        }

        Assert.All(senders, sender => Assert.True(sender.Acknowledged > Kills, "The load was too small to mean anything."));
    }

    /// <summary>Sends batches for people of its own, and knows for each batch whether it was acknowledged.</summary>
    private sealed class Sender(int number)
    {
        private readonly long[] _sure = new long[PeoplePerSender];
        private (object Body, int[] People)? _unsure;
        private int _next;

        public long Acknowledged => _sure.Sum();

        public async Task SendAsync(ServerProcess node, CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                var people = Enumerable.Range(0, BatchEvents).Select(i => (_next + i) % PeoplePerSender).ToArray();
                var body = new
                {
                    events = people.Select((person, i) => new
                    {
                        messageId = $"{number}-{_next + i}",
                        type = "view",
                        anonymousId = Id(person),
                        properties = new { itemId = $"item-{i}" },
                    }).ToArray(),
                };
                _next += BatchEvents;
                _unsure = (body, people);
                try
                {
                    using var response = await node.Http.PostAsJsonAsync("/v1/events", body, stop);
                    response.EnsureSuccessStatusCode();
                }
                catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
                {
                    return;
                }

                Settle();
            }
        }

        /// <summary>Compares every profile with what was acknowledged, then sends again what was in doubt: it must count exactly once.</summary>
        public async Task CheckAsync(ServerProcess node)
        {
            for (var person = 0; person < PeoplePerSender; person++)
            {
                var found = await CountAsync(node, person);
                var doubtful = _unsure?.People.Count(other => other == person) ?? 0;
                Assert.InRange(found, _sure[person], _sure[person] + doubtful);
            }

            if (_unsure is { } unsure)
            {
                await node.PostAsync("/v1/events", unsure.Body);
                await node.PostAsync("/v1/events", unsure.Body);
                Settle();
            }

            for (var person = 0; person < PeoplePerSender; person++)
            {
                Assert.Equal(_sure[person], await CountAsync(node, person));
            }
        }

        private void Settle()
        {
            foreach (var person in _unsure!.Value.People)
            {
                _sure[person]++;
            }

            _unsure = null;
        }

        private async Task<long> CountAsync(ServerProcess node, int person)
        {
            using var response = await node.Http.GetAsync($"/v1/users/{Id(person)}");
            if (response.StatusCode == System.Net.HttpStatusCode.NotFound)
            {
                return 0;
            }

            var profile = System.Text.Json.JsonElement.Parse(await response.Content.ReadAsStringAsync());
            return profile.GetProperty("events").GetProperty("view").GetProperty("total").GetInt64();
        }

        private string Id(int person) => $"person-{number}-{person}";
    }
}
