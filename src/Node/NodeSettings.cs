using Personalization.Core.Privacy;

namespace Personalization.Node;

/// <summary>What the command line asked for.</summary>
/// <param name="Urls">Where to listen, separated by semicolons.</param>
/// <param name="Options">How the engine runs.</param>
/// <param name="Signals">What the privacy signals of browsers deny.</param>
/// <param name="Demo">Whether to set up the demo shop.</param>
/// <param name="GeoDatabase">The file that tells countries of addresses, or null.</param>
/// <param name="Proxies">How many proxies in front append to X-Forwarded-For.</param>
internal sealed record NodeSettings(
    string Urls, NodeOptions Options, PrivacySignals Signals, bool Demo, string? GeoDatabase, int Proxies)
{
    /// <summary>Finds what is wrong with the addresses; null where nothing is.</summary>
    public string? UrlProblem()
    {
        foreach (var url in Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp)
            {
                return $"--urls: \"{url}\" is no http address.";
            }

            // Nothing asks callers who they are yet, so nobody from elsewhere may be one.
            if (!address.IsLoopback)
            {
                return $"--urls: without keys configured the server only listens on loopback, and {address.Host} is not. "
                    + "Put a reverse proxy that checks its callers in front.";
            }
        }

        return null;
    }
}
