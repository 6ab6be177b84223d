using System.Diagnostics;

/// <summary>Runs in a server process under test, because DOTNET_STARTUP_HOOKS names this assembly: it kills the process at a step of an erasure.</summary>
internal static class StartupHook
{
    /// <summary>The environment variable that names the step.</summary>
    public const string Variable = "KILL_AT_STEP";

    /// <summary>Called by the runtime before the program.</summary>
    public static void Initialize()
    {
        var step = Environment.GetEnvironmentVariable(Variable);
        ActivitySource.AddActivityListener(new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Personalization.Erasure",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity =>
            {
                if (activity.OperationName == step)
                {
                    // SIGKILL on Unix: nothing is flushed, nobody is told.
                    Process.GetCurrentProcess().Kill();
                    Thread.Sleep(Timeout.Infinite);
                }
            },
        });
    }
}
