namespace Personalization.Deploy.Tests;

/// <summary>A fact about a source file of the checkout, skipped where that file is not written yet.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SourceFactAttribute : FactAttribute
{
    /// <summary>Declares which file, relative to the checkout, the fact reads.</summary>
    public SourceFactAttribute(string file)
    {
        File = file;
        if (!Path.Exists(Path.Combine(Repository.Root, file)))
        {
            Skip = $"{file} is not in this checkout.";
        }
    }

    /// <summary>Gets the file the fact reads.</summary>
    public string File { get; }
}
