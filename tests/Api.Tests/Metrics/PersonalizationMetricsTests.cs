using System.Diagnostics;
using Personalization.Api.Metrics;
using Personalization.Core;
using Personalization.Core.Decisions;

namespace Personalization.Api.Tests.Metrics;

public sealed class PersonalizationMetricsTests
{
    [Fact]
    public async Task Counting_a_decision_or_events_allocates_nothing_while_it_is_exported()
    {
        using var exported = new Exported();
        var personalizer = new MemoryPersonalizer(TimeProvider.System);
        var metrics = new PersonalizationMetrics(exported.Meters, personalizer);
        var decision = await personalizer.DecideAsync(new DecisionRequest { UserId = "me", Placements = ["a", "b", "c"] }, default);
        Measure(1_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Measure(10_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(11_000, exported.Read()["""personalization_decision_duration_seconds_count{outcome="control"}"""]);

        void Measure(int times)
        {
            for (var i = 0; i < times; i++)
            {
                metrics.Decided(Stopwatch.GetTimestamp(), decision);
                metrics.Ingested(new IngestReceipt(3, 1, 1, 9));
                metrics.Rejected(1);
            }
        }
    }
}
