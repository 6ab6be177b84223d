namespace Personalization.Core.Features;

/// <summary>Takes addresses of pages apart without making objects of them.</summary>
internal static class Address
{
    /// <summary>Gives the host of an address, without port and without a leading <c>www.</c>; empty where it has none.</summary>
    public static ReadOnlySpan<char> HostOf(string? address)
    {
        var text = address.AsSpan();
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return default;
        }

        var host = text[(scheme + 3)..];
        var end = host.IndexOfAny('/', '?', '#');
        host = end < 0 ? host : host[..end];
        var user = host.LastIndexOf('@');
        host = user < 0 ? host : host[(user + 1)..];
        var port = host.LastIndexOf(':');
        host = port < 0 || host.EndsWith("]") ? host : host[..port];
        return host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? host[4..] : host;
    }

    /// <summary>Says whether a host is another one or lies below it.</summary>
    public static bool IsWithin(ReadOnlySpan<char> host, ReadOnlySpan<char> domain) =>
        host.EndsWith(domain, StringComparison.OrdinalIgnoreCase)
        && (host.Length == domain.Length || (domain.Length > 0 && host[^(domain.Length + 1)] == '.'));

    /// <summary>Gives a parameter of an address's query, decoded; null where it is not there.</summary>
    public static string? Parameter(string? address, string name)
    {
        var text = address.AsSpan();
        var start = text.IndexOf('?');
        if (start < 0)
        {
            return null;
        }

        var query = text[(start + 1)..];
        var end = query.IndexOf('#');
        query = end < 0 ? query : query[..end];
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return Uri.UnescapeDataString(pair[(name.Length + 1)..].ToString().Replace('+', ' '));
            }
        }

        return null;
    }
}
