using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Personalization.Silo;

/// <summary>Opens ports by address and protocol: gRPC without TLS needs a port that speaks HTTP/2 alone.</summary>
internal static class Listening
{
    /// <summary>Listens at each of the addresses.</summary>
    /// <exception cref="OptionException">One is no http address of an IP; the message names the option.</exception>
    public static void Listen(this KestrelServerOptions kestrel, string urls, HttpProtocols protocols, string option)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp || !IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address))
            {
                throw new OptionException($"{option}: \"{url}\" is no http address of an IP: http://0.0.0.0:8080.");
            }

            kestrel.Listen(address, uri.Port, endpoint => endpoint.Protocols = protocols);
        }
    }
}
