using System.Text.RegularExpressions;

namespace Personalization.Deploy.Tests;

public sealed partial class TerraformTests
{
    private static readonly string Everything = string.Concat(DeployFolder.Files(".tf").Select(DeployFolder.Read));

    [Fact]
    public void Every_variable_and_output_says_what_it_is()
    {
        var blocks = Blocks().Matches(Everything);

        Assert.True(blocks.Count > 15);
        Assert.All(blocks, block => Assert.Contains("description = ", block.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void Kafka_acknowledges_what_two_of_three_zones_have()
    {
        var kafka = DeployFolder.Read("terraform/kafka.tf");

        Assert.Contains("default.replication.factor=3", kafka, StringComparison.Ordinal);
        Assert.Contains("min.insync.replicas=2", kafka, StringComparison.Ordinal);
        Assert.Contains("unclean.leader.election.enable=false", kafka, StringComparison.Ordinal);
        Assert.Contains("auto.create.topics.enable=false", kafka, StringComparison.Ordinal);
    }

    [ToolFact("terraform", "version")]
    public void Terraform_finds_the_files_formatted() => Tool.Accepts(DeployFolder.At("terraform"), "terraform", "fmt", "-check", "-recursive", "-diff");

    [ProviderFact]
    public void Terraform_finds_the_module_valid() => Tool.Accepts(ProviderFactAttribute.Folder, "terraform", "validate", "-no-color");

    [GeneratedRegex(@"(?ms)^(variable|output) ""\w+"" \{.*?^\}")]
    private static partial Regex Blocks();
}
