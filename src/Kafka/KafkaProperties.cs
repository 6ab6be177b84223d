namespace Personalization.Kafka;

/// <summary>Reads client properties as people give them: <c>name=value</c>.</summary>
/// <remarks>
/// A value <c>@path</c> is what the file holds, without the line breaks at its end; <c>$NAME</c> is the environment variable's. Secrets
/// can be given in no other way: a command line is read by every user of the machine. To begin a value with <c>@</c> or <c>$</c>,
/// double it.
/// </remarks>
public static class KafkaProperties
{
    private static readonly string[] Secret = ["sasl.password", "ssl.key.password", "ssl.keystore.password",
        "sasl.oauthbearer.client.secret", "ssl.key.pem"];

    /// <summary>Adds settings to properties.</summary>
    /// <param name="knob">How the settings are called where they were given, for messages.</param>
    /// <param name="settings">The settings; empty ones are passed over.</param>
    /// <param name="properties">What they are added to.</param>
    /// <param name="variable">Gives an environment variable, or null.</param>
    /// <exception cref="KafkaOptionsException">One can't be read; the message names the knob and the property, and no value.</exception>
    public static void Read(
        string knob, IEnumerable<string> settings, IDictionary<string, string> properties, Func<string, string?> variable)
    {
        foreach (var setting in settings.Where(setting => !string.IsNullOrWhiteSpace(setting)))
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            var name = equals > 0 ? setting[..equals].Trim() : "";
            if (name.Length == 0)
            {
                throw new KafkaOptionsException($"{knob}: a property of the Kafka client is given as name=value.");
            }

            if (!properties.TryAdd(name, ValueOf($"{knob}: {name}", name, setting[(equals + 1)..].Trim(), variable)))
            {
                throw new KafkaOptionsException($"{knob}: {name} is given twice.");
            }
        }
    }

    private static string ValueOf(string where, string name, string text, Func<string, string?> variable)
    {
        if (text.StartsWith("@@", StringComparison.Ordinal) || text.StartsWith("$$", StringComparison.Ordinal))
        {
            text = text[1..];
        }
        else if (text.StartsWith('@'))
        {
            return FileOf(where, text[1..]);
        }
        else if (text.StartsWith('$'))
        {
            return variable(text[1..]) ?? throw new KafkaOptionsException($"{where}: there is no environment variable {text[1..]}.");
        }

        return Secret.Contains(name, StringComparer.Ordinal)
            ? throw new KafkaOptionsException($"{where} is a secret: give @file or $VARIABLE and not the word itself.")
            : text;
    }

    private static string FileOf(string where, string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new KafkaOptionsException($"{where}: the file '{path}' can't be read: {failure.Message}");
        }
    }
}
