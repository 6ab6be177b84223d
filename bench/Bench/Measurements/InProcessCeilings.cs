using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Personalization.Bench.InProcess;

namespace Personalization.Bench.Measurements;

/// <summary>One decision and one folded event without HTTP and disk, measured by BenchmarkDotNet.</summary>
internal sealed class InProcessCeilings : IMeasurement
{
    public string Name => "in-process";

    public Task<IReadOnlyList<Row>> RunAsync(Effort effort)
    {
        // In this process: a build of its own would need a package feed, and gain nothing here.
        var job = Job.Default
            .WithToolchain(new InProcessEmitToolchain(TimeSpan.FromMinutes(10), logOutput: true))
            .WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(effort.IsQuick ? 100 : 500))
            .WithWarmupCount(effort.IsQuick ? 3 : 8)
            .WithIterationCount(effort.IsQuick ? 3 : 15);
        var log = Path.Combine(Folders.Artifacts, "BenchmarkDotNet.log");
        using var writer = new StreamWriter(log);
        var config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddLogger(new StreamLogger(writer))
            .AddColumnProvider(BenchmarkDotNet.Columns.DefaultColumnProviders.Instance)
            .WithOptions(ConfigOptions.DisableLogFile)
            .WithArtifactsPath(Folders.Artifacts);
        var decisions = BenchmarkRunner.Run<DecisionBenchmarks>(config);
        var folds = BenchmarkRunner.Run<FoldBenchmarks>(config);
        var segments = BenchmarkRunner.Run<SegmentBenchmarks>(config);
        var merge = Of(BenchmarkRunner.Run<MergeBenchmarks>(config), nameof(MergeBenchmarks.Merge_20us));

        var decision = Of(decisions, nameof(DecisionBenchmarks.Decide_3_placements_hot_profile_20us_2KB));
        var fold = Of(folds, nameof(FoldBenchmarks.Fold_into_profile_1500ns_64B), sessions: 54);
        var young = Of(folds, nameof(FoldBenchmarks.Fold_into_profile_1500ns_64B), sessions: 3);
        var host = Of(folds, nameof(FoldBenchmarks.Fold_with_lock_tracking_and_learning), sessions: 54);
        var asked = Of(segments, nameof(SegmentBenchmarks.Fold_with_20_segments_1500ns_64B));
        var hundred = Of(segments, nameof(SegmentBenchmarks.Ask_100_segments_10us));
        return Task.FromResult<IReadOnlyList<Row>>(
        [
            Row.Below("one decision in process, 3 placements, hot profile: time", decision.Nanoseconds / 1000, 20, "µs", decision.Spread),
            Row.Below("the same: allocated", decision.Bytes, 2048, "B"),
            Row.Below("one event folded into the hot profile of somebody who came for seven weeks (216 events before): time", fold.Nanoseconds / 1000, 1.5, "µs", fold.Spread),
            Row.Below("the same: allocated", fold.Bytes, 64, "B"),
            Row.Below("the same with 20 active segments, of which each event asks those it can change: time", asked.Nanoseconds / 1000, 1.5, "µs", asked.Spread),
            Row.Below("the same: allocated", asked.Bytes, 64, "B"),
            Row.Below("100 segments asked about one person: time", hundred.Nanoseconds / 1000, 10, "µs", hundred.Spread),
            Row.Info("the same with 12 events before, when a profile still grows", $"{Row.Text(young.Nanoseconds / 1000)} µs, {young.Spread}; {Row.Text(young.Bytes)} B"),
            Row.Info("the same with 216 events before, by the whole host: finding and locking the profile, change tracking, learning (groups of 1 000)",
                $"{Row.Text(host.Nanoseconds / 1000)} µs, {host.Spread}; {Row.Text(host.Bytes)} B"),
            Row.Below("the profile of a device merged into its login's, seven weeks each (216 events)", merge.Nanoseconds / 1000, 20, "µs", merge.Spread),
        ]);
    }

    private static (double Nanoseconds, double Bytes, string Spread) Of(Summary summary, string benchmark, int? sessions = null)
    {
        var report = summary.Reports.FirstOrDefault(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == benchmark
            && (sessions is null || sessions.Equals(report.BenchmarkCase.Parameters[nameof(FoldBenchmarks.Sessions)])));
        if (report?.ResultStatistics is not { } statistics)
        {
            throw new InvalidOperationException($"{benchmark} did not run; artifacts/bench/BenchmarkDotNet.log says why.");
        }

        return (
            statistics.Median,
            report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? double.NaN,
            $"median; {Row.Text(statistics.Min / 1000)}–{Row.Text(statistics.Max / 1000)}");
    }
}
