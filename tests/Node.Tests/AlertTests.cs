using Microsoft.Extensions.Logging.Abstractions;
using Personalization.Core.Events;
using Personalization.Core.Monitoring;

namespace Personalization.Node.Tests;

public sealed class AlertTests
{
    [Fact]
    public async Task Events_that_stop_arriving_raise_an_alert()
    {
        using var folder = new TemporaryFolder();
        var time = new SetTime(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
        using var node = NodePersonalizer.Open(new NodeOptions { DataFolder = folder.Path }, time, NullLoggerFactory.Instance);
        for (var minute = 0; minute < 60; minute++)
        {
            var now = time.Now.ToUnixTimeMilliseconds();
            await node.IngestAsync([.. Enumerable.Range(0, 60 + (minute % 7)).Select(i => new Event
            {
                MessageId = $"{minute}-{i}",
                Type = EventTypes.View,
                Timestamp = now,
                ReceivedAt = now,
                AnonymousId = $"p{i}",
            })], default);
            time.Tick();
            time.Now = time.Now.AddMinutes(1);
            time.Tick();
        }

        Assert.Empty(await node.ReadAlertsAsync(default));
        time.Now = time.Now.AddMinutes(1);
        time.Tick();

        var alert = Assert.Single(await node.ReadAlertsAsync(default));
        Assert.Equal((EventTypes.View, AlertKind.Drop, 0L), (alert.Type, alert.Kind, alert.Observed));
        Assert.Equal(1, node.Statistics.Alerts);
    }

    /// <summary>A clock that stands still, and whose timers ring when they are told to.</summary>
    private sealed class SetTime(DateTimeOffset now) : TimeProvider
    {
        private readonly List<Action> _timers = [];

        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Add(() => callback(state));
            return new Silent();
        }

        public void Tick() => Array.ForEach(_timers.ToArray(), timer => timer());

        private sealed class Silent : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
