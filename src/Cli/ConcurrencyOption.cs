using System.CommandLine;

namespace Personalization.Cli;

/// <summary>How much a command does at a time.</summary>
internal static class ConcurrencyOption
{
    public static Option<int> Create(string description) =>
        new Option<int>("--concurrency") { Description = description, HelpName = "N", DefaultValueFactory = _ => 8 }.Within(1, 256);
}
