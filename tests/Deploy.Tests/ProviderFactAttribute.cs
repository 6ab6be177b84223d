namespace Personalization.Deploy.Tests;

/// <summary>A fact that needs terraform with the providers of <c>deploy/terraform</c>, and is skipped where they can't be had.</summary>
/// <remarks>
/// Terraform takes providers from its registry, or from a folder that its own settings name: a <c>filesystem_mirror</c> in the file of
/// <c>TF_CLI_CONFIG_FILE</c>, or <c>TF_CLI_ARGS_init=-plugin-dir=FOLDER</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProviderFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Reason = new(Prepare);

    public ProviderFactAttribute() => Skip = Reason.Value;

    /// <summary>Gets a copy of the module in which terraform is initialised; the checkout stays as it was.</summary>
    public static string Folder { get; private set; } = "";

    private static string? Prepare()
    {
        if (Tool.Run(DeployFolder.Root, "terraform", "version").ExitCode != 0)
        {
            return "terraform does not run on this machine.";
        }

        var copy = Directory.CreateTempSubdirectory("personalization-terraform-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(copy, recursive: true);
        foreach (var file in DeployFolder.Files(".tf"))
        {
            File.Copy(DeployFolder.At(file), Path.Combine(copy, Path.GetFileName(file)));
        }

        Folder = copy;
        return Tool.Run(copy, "terraform", "init", "-backend=false", "-input=false", "-no-color").ExitCode == 0
            ? null
            : "terraform can't get its providers here: neither from the registry nor from a folder that TF_CLI_CONFIG_FILE or TF_CLI_ARGS_init names.";
    }
}
