using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Personalization.Cli.Yaml;

/// <summary>Reads YAML, with errors that name the file and the line.</summary>
internal static class YamlFile
{
    /// <summary>Reads all documents of a file.</summary>
    public static IReadOnlyList<YamlNode> Documents(string file, TextReader content)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(content);
            return [.. stream.Documents.Select(document => document.RootNode)];
        }
        catch (YamlException exception)
        {
            var reason = exception.InnerException?.Message ?? exception.Message;
            throw new UserError($"{file}:{exception.Start.Line}: this is not YAML: {reason}", exception);
        }
    }

    /// <summary>Opens a file for reading text.</summary>
    public static StreamReader Open(string file)
    {
        try
        {
            return new StreamReader(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"Can't read {file}: {exception.Message}", exception);
        }
    }

    /// <summary>Makes the error of one node.</summary>
    public static UserError Wrong(string file, YamlNode node, string what) => new($"{file}:{node.Start.Line}: {what}");
}
