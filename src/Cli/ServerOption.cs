using System.CommandLine;

namespace Personalization.Cli;

/// <summary>Which server a command talks to.</summary>
internal static class ServerOption
{
    private const string Variable = "PERSONALIZATION_SERVER";
    private const string Default = "http://127.0.0.1:8080";

    public static Option<Uri> Create() => new("--server")
    {
        Description = $"Address of the server. Taken from {Variable} where that is set.",
        HelpName = "URL",
        Recursive = true,
        CustomParser = result => Parse(result.Tokens[0].Value, result.AddError),
        DefaultValueFactory = result => Parse(FromEnvironment() ?? Default, result.AddError)!,
    };

    private static string? FromEnvironment() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set : null;

    private static Uri? Parse(string text, Action<string> wrong)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            // A relative path replaces the last segment of its base, unless the base ends with a slash.
            return text.EndsWith('/') ? address : new Uri(text + "/");
        }

        wrong($"'{text}' is not the address of a server. Write it like {Default}.");
        return null;
    }
}
