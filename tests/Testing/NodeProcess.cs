namespace Personalization.Testing;

/// <summary>The single-node server as a process.</summary>
public static class NodeProcess
{
    private const string Assembly = "Personalization.Node";

    /// <summary>Starts it on a data folder, and returns once it listens.</summary>
    public static Task<ServerProcess> StartAsync(string data, params string[] options) =>
        ServerProcess.StartAsync(Assembly, ["--data", data, .. options]);

    /// <summary>Starts it with some more environment variables.</summary>
    public static Task<ServerProcess> StartAsync(string data, (string Name, string Value)[] environment, params string[] options) =>
        ServerProcess.StartAsync(Assembly, environment, ["--data", data, .. options]);

    /// <summary>Runs it to its end, for starts that must fail.</summary>
    public static Task<(int ExitCode, string Errors)> RunAsync(params string[] options) => ServerProcess.RunAsync(Assembly, options);
}
