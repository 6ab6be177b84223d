using System.Text.RegularExpressions;

namespace Personalization.Deploy.Tests;

public sealed partial class SiloCommandTests
{
    private const string CommandLine = "src/Silo/SiloCommand.cs";

    [SourceFact(CommandLine)]
    public void Every_setting_that_we_deploy_is_an_option_of_the_silo()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, CommandLine));
        var variables = OptionNames().Matches(source)
            .Select(match => "PERSONALIZATION_" + match.Groups[1].Value.Replace('-', '_').ToUpperInvariant())
            .ToHashSet();

        Assert.Superset(SiloSettings.Variables.ToHashSet(), variables);
    }

    [GeneratedRegex("\"--([a-z-]+)\"")]
    private static partial Regex OptionNames();
}
