using Personalization.Cli.Tests.Support;

namespace Personalization.Cli.Tests.Experiments;

public sealed class ExperimentCommandTests
{
    private const string Asos = "data/asos/asos_A.csv.gz";

    [Fact]
    public async Task A_plan_tells_how_many_people_it_takes_and_where_to_stop()
    {
        var run = await CommandRun.OfAsync("experiment", "power", "--mean", "0.1", "--effect", "0.1", "--looks", "5");

        // The bounds of stats_cases.json, gst-5looks-equal.
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("people", run.Out, StringComparison.Ordinal);
        Assert.All(new[] { "3.090", "2.714", "2.473", "2.280", "2.114" }, bound => Assert.Contains(bound, run.Out, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--mean is a rate", "--mean", "3", "--effect", "0.1")]
    [InlineData("--effect, --people", "--mean", "0.1")]
    [InlineData("--effect is above 0", "--mean", "0.1", "--effect", "-1")]
    [InlineData("--variance is above 0", "--mean", "0.1", "--variance", "-1", "--effect", "0.1")]
    [InlineData("--looks is 1 to 1000", "--mean", "0.1", "--effect", "0.1", "--looks", "0")]
    public async Task A_wrong_plan_is_refused_with_the_option_that_is_wrong(string message, params string[] options)
    {
        var run = await CommandRun.OfAsync(["experiment", "power", .. options]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Simulated_rules_are_shown_with_what_peeking_does_to_each()
    {
        var run = await CommandRun.OfAsync("experiment", "simulate", "--runs", "2000", "--looks", "30");

        Assert.Equal(0, run.ExitCode);
        var none = run.Out.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2)
            .ToDictionary(line => line.Split('|')[1].Trim(), line => double.Parse(line.Split('|')[2], System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(none["fixed, stopped when it looks good"], 0.24, 0.32);
        Assert.InRange(none["group-sequential"], 0.03, 0.065);
        Assert.InRange(none["confidence-sequence"], 0, 0.05);
    }

    [SharedFact(Asos)]
    public async Task Real_checkpoints_with_holes_in_them_are_judged_and_the_holes_reported()
    {
        var run = await CommandRun.OfAsync("experiment", "analyze", SharedFolder.FilePath(Asos));

        // The README of the data: 42 fixed, 112 when peeking, 20 kept by Benjamini and Hochberg, 15 by Holm.
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("200 comparisons. Below 0.05 at the end: 42; below it at any look, which proves nothing: 112;", run.Out, StringComparison.Ordinal);
        Assert.Contains("kept by Benjamini and Hochberg: 20; by Holm: 15.", run.Out, StringComparison.Ordinal);
        Assert.Contains("258 incomplete checkpoints were left out.", run.Error, StringComparison.Ordinal);
        Assert.Contains("has fewer people than before", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_the_columns_is_refused_by_the_name_of_the_first_one_missing()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "some.csv");
        await File.WriteAllTextAsync(file, "a,b\n1,2\n");

        var run = await CommandRun.OfAsync("experiment", "analyze", file);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no column experiment_id", run.Error, StringComparison.Ordinal);
    }
}
