namespace Personalization.Testing;

/// <summary>A fact that needs a file of the shared folder, and is skipped with the reason where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : Xunit.FactAttribute
{
    /// <summary>Declares which file, relative to the shared folder, the fact reads.</summary>
    public SharedFactAttribute(string file)
    {
        File = file;
        if (SharedFolder.TryFile(file) is null)
        {
            Skip = $"../shared/{file} is not beside this checkout.";
        }
    }

    /// <summary>Gets the file the fact reads.</summary>
    public string File { get; }
}
