using System.Globalization;
using System.Text;
using System.Text.Json;
using Personalization.Cli.Tests.Support;

namespace Personalization.Cli.Tests.Train;

public sealed class TrainCommandTests
{
    private const string Mapping = """
        training:
          outcome: { from: "{bought}", map: { "Y": "true", "N": "false" } }
          features:
            session.events: { sum: ["{a}", "{b}"], log: true }
            top.category: { from: "{kind}", category: true }
        """;

    [Fact]
    public async Task A_probability_is_fitted_and_written_as_configuration_with_its_quality()
    {
        using var folder = new TemporaryFolder();
        var data = new StringBuilder("a,b,kind,bought\n");
        var random = new Random(3);
        for (var i = 0; i < 500; i++)
        {
            var buys = random.NextDouble() < 0.5;
            data.Append(CultureInfo.InvariantCulture, $"{(buys ? 5 : 1) + random.Next(4)},{random.Next(3)},{(random.Next(2) == 0 ? "shoes" : "hats")},{(buys ? "Y" : "N")}\n");
        }

        var run = await CommandRun.OfAsync(
            "train", "intent", folder.Write("rows.csv", data.ToString()), "--mapping", folder.Write("m.yaml", Mapping), "--out", Path.Combine(folder.Path, "out.json"));

        Assert.True(run.ExitCode == 0, run.Error);
        var document = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Path, "out.json"))).GetProperty("predictors").GetProperty("intent.purchase");
        Assert.Equal(["session.events", "top.category", "top.category"], document.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("feature").GetString()));
        Assert.InRange(document.GetProperty("quality").GetProperty("auc").GetDouble(), 0.9, 1);
        Assert.Equal(100, document.GetProperty("quality").GetProperty("rows").GetInt32());
    }

    [Fact]
    public async Task A_mapping_with_an_unknown_column_and_rows_that_all_ended_alike_are_explained()
    {
        using var folder = new TemporaryFolder();
        var rows = folder.Write("rows.csv", "a,b,kind,bought\n1,2,x,Y\n1,3,x,Y\n2,3,y,Y\n1,3,x,Y\n1,3,x,Y\n");
        var unknown = await CommandRun.OfAsync("train", "intent", rows, "--mapping", folder.Write("m.yaml", Mapping.Replace("{a}", "{nowhere}", StringComparison.Ordinal)), "--out", "x");
        var alike = await CommandRun.OfAsync("train", "intent", rows, "--mapping", folder.Write("m2.yaml", Mapping), "--out", "x");
        Assert.Equal((1, 1), (unknown.ExitCode, alike.ExitCode));
        Assert.Contains("nowhere", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("rows with the outcome and rows without it", alike.Error, StringComparison.Ordinal);
    }

    [SharedFact("data/online_shoppers_intention.csv.gz")]
    public async Task Sessions_of_a_real_shop_become_a_feature_of_the_server()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);
        var run = await CommandRun.OfAsync(
            "train", "intent", SharedFolder.FilePath("data/online_shoppers_intention.csv.gz"),
            "--mapping", Path.Combine(Repository.Root, "samples", "online-shoppers.mapping.yaml"), "--server", node.Address);

        Assert.True(run.ExitCode == 0, run.Error);
        var quality = (await node.GetAsync("/v1/predictors/intent.purchase")).GetProperty("quality");

        // All columns but page values give .7563 by the data's README; those of them that a profile has give less, as docs/features.md says.
        Assert.InRange(quality.GetProperty("auc").GetDouble(), 0.66, 0.76);
        Assert.Equal(2466, quality.GetProperty("rows").GetInt32());
    }

    [SharedFact("data/online-retail/online_retail_to_2011-11-09.csv.gz")]
    public async Task Customers_of_a_real_shop_become_features_of_the_server()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);
        var run = await CommandRun.OfAsync(
            "train", "value", SharedFolder.FilePath("data/online-retail/online_retail_to_2011-11-09.csv.gz"),
            "--mapping", Path.Combine(Repository.Root, "samples", "online-retail.mapping.yaml"), "--server", node.Address);

        Assert.True(run.ExitCode == 0, run.Error);
        var document = await node.GetAsync("/v1/predictors/value");
        Assert.InRange(document.GetProperty("quality").GetProperty("customers").GetInt32(), 4000, 4200);
        Assert.InRange(document.GetProperty("orders").GetProperty("r").GetDouble(), 0.4, 1.2);
        Assert.True(document.GetProperty("spend").GetProperty("q").GetDouble() > 1);
    }
}
