namespace Personalization.Core.Decisions;

/// <summary>The page a decision is asked for.</summary>
/// <param name="Url">Its address.</param>
/// <param name="Referrer">The address of the page before it.</param>
/// <param name="Title">Its title.</param>
public sealed record PageContext(string? Url, string? Referrer = null, string? Title = null)
{
    /// <summary>Gets the path of the address, without query and fragment; null where there is no address.</summary>
    public string? Path => PathOf(Url);

    private static string? PathOf(string? url)
    {
        if (url is null)
        {
            return null;
        }

        // A query may hold another address, so it goes first.
        var end = url.AsSpan().IndexOfAny('?', '#');
        var address = end < 0 ? url : url[..end];
        var scheme = address.IndexOf("://", StringComparison.Ordinal);
        var start = scheme < 0 ? 0 : address.IndexOf('/', scheme + 3);
        return start < 0 ? "/" : address[start..];
    }
}
