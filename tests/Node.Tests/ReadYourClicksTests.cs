namespace Personalization.Node.Tests;

/// <summary>A decision sees every event acknowledged before it was asked.</summary>
public sealed class ReadYourClicksTests
{
    private const int Events = 4000;

    [Fact]
    public async Task Thousands_of_clicks_and_decisions_of_one_person_at_once_never_miss_an_acknowledged_click()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);
        await node.PostAsync("/v1/configuration", new
        {
            segments = new { clicked = new { condition = new Dictionary<string, object> { ["events.click.total"] = new Dictionary<string, int> { ["$gte"] = 1 } } } },
            experiences = new { hello = new { patches = new[] { new { op = "setText", selector = "h1", text = "Hello" } } } },
            placements = new { hero = new { experiences = new[] { new { id = "hello", audience = new Dictionary<string, bool> { ["segments.clicked"] = true } } } } },
        });

        var acknowledged = 0L;
        var next = 0;
        var sending = Enumerable.Range(0, 3).Select(_ => Task.Run(SendAsync)).ToArray();
        var asking = Enumerable.Range(0, 3).Select(_ => Task.Run(AskAsync)).ToArray();
        await Task.WhenAll(sending);
        var decisions = (await Task.WhenAll(asking)).Sum();

        Assert.True(decisions > 1000, $"Only {decisions} decisions ran beside the clicks.");
        var profile = await node.GetAsync("/v1/users/one");
        Assert.Equal(Events, profile.GetProperty("events").GetProperty("click").GetProperty("total").GetInt64());

        async Task SendAsync()
        {
            for (var number = Interlocked.Increment(ref next); number <= Events; number = Interlocked.Increment(ref next))
            {
                var receipt = await node.PostAsync("/v1/events", new
                {
                    events = new[] { new { messageId = $"m{number}", type = "click", anonymousId = "one" } },
                });
                Raise(receipt.GetProperty("profileVersion").GetInt64());
            }
        }

        async Task<int> AskAsync()
        {
            var asked = 0;
            while (Volatile.Read(ref next) <= Events)
            {
                // Everything acknowledged up to here must be in the answer.
                var least = Volatile.Read(ref acknowledged);
                var decision = await node.PostAsync("/v1/decide", new { anonymousId = "one", placements = new[] { "hero" }, minProfileVersion = least });
                Assert.True(decision.GetProperty("profileVersion").GetInt64() >= least, "A decision missed an acknowledged click.");
                if (least > 0)
                {
                    Assert.Equal("hello", decision.GetProperty("placements").GetProperty("hero").GetProperty("experience").GetString());
                }

                asked++;
            }

            return asked;
        }

        void Raise(long version)
        {
            for (var seen = Volatile.Read(ref acknowledged); version > seen; seen = Volatile.Read(ref acknowledged))
            {
                Interlocked.CompareExchange(ref acknowledged, version, seen);
            }
        }
    }
}
