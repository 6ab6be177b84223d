namespace Personalization.Testing;

/// <summary>A fact about files of somebody else's repository, of which a checkout is named by an environment variable.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CheckoutFactAttribute : Xunit.FactAttribute
{
    /// <summary>Skips, with the reason, where the variable names no folder.</summary>
    /// <param name="variable">The environment variable.</param>
    /// <param name="repository">The repository's address.</param>
    public CheckoutFactAttribute(string variable, string repository)
    {
        Variable = variable;
        if (!Directory.Exists(Environment.GetEnvironmentVariable(variable)))
        {
            Skip = $"{variable} does not name a checkout of {repository}.";
        }
    }

    /// <summary>Gets the environment variable.</summary>
    public string Variable { get; }

    /// <summary>Gives the path of a file in the checkout.</summary>
    public static string FilePath(string variable, string file) => Path.Combine(Environment.GetEnvironmentVariable(variable)!, file);
}
