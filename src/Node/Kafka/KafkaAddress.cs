namespace Personalization.Node.Kafka;

/// <summary>A topic as the command line names it: <c>kafka://host:port[,host:port]/topic</c>.</summary>
/// <param name="Brokers">The brokers to ask first: <c>host:port</c>, separated by commas.</param>
/// <param name="Topic">The topic.</param>
public sealed record KafkaAddress(string Brokers, string Topic)
{
    private const string Scheme = "kafka://";

    /// <summary>Reads one; null where the text is none.</summary>
    public static KafkaAddress? TryParse(string text)
    {
        var slash = text.StartsWith(Scheme, StringComparison.Ordinal) ? text.IndexOf('/', Scheme.Length) : -1;
        if (slash < 0)
        {
            return null;
        }

        var (brokers, topic) = (text[Scheme.Length..slash], text[(slash + 1)..]);
        return brokers.Split(',').All(IsBroker) && IsTopic(topic) ? new KafkaAddress(brokers, topic) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Scheme}{Brokers}/{Topic}";

    private static bool IsBroker(string text) =>
        Uri.TryCreate($"tcp://{text}", UriKind.Absolute, out var address)
            && address is { Port: > 0, PathAndQuery: "/" or "", UserInfo: "" };

    // The characters that brokers allow in a name.
    private static bool IsTopic(string text) => text.Length is > 0 and < 250 && text is not ("." or "..")
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');
}
