using System.Collections.Concurrent;

namespace Personalization.Deploy.Tests;

/// <summary>A fact that needs a program, and is skipped with the reason where the machine has none that works.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolFactAttribute : FactAttribute
{
    private static readonly ConcurrentDictionary<string, string?> Reasons = new();

    /// <summary>Declares the program and the arguments with which it answers quickly, like <c>version</c>.</summary>
    public ToolFactAttribute(string program, params string[] arguments)
    {
        Program = program;
        Skip = Reasons.GetOrAdd(
            string.Join(' ', [program, .. arguments]),
            command => Tool.Run(DeployFolder.Root, program, arguments).ExitCode == 0 ? null : $"\"{command}\" does not run on this machine.");
    }

    /// <summary>Gets the program that the fact runs.</summary>
    public string Program { get; }
}
