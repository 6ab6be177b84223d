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

        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var start = scheme < 0 ? 0 : url.IndexOf('/', scheme + 3);
        if (start < 0)
        {
            return "/";
        }

        var end = url.AsSpan(start).IndexOfAny('?', '#');
        return end < 0 ? url[start..] : url.Substring(start, end);
    }
}
