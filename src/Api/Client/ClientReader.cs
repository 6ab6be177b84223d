using System.Net;
using Microsoft.AspNetCore.Http;
using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Features;

namespace Personalization.Api.Client;

/// <summary>Sees the visitor's browser and country: from the connection, or from what a server that asks for a visitor says of them.</summary>
internal sealed class ClientReader(ClientOptions options)
{
    /// <summary>States on a question who asks it. A question may name the visitor's <c>context.userAgent</c> and <c>context.ip</c> itself.</summary>
    public void Complete(DecisionRequest request, HttpContext? http)
    {
        var agent = Said(request, "userAgent") ?? (http is null ? null : (string?)http.Request.Headers.UserAgent);
        var country = options.Geo is { } geo && AddressOf(request, http) is { } address ? geo.CountryOf(address) : null;
        if (agent is not null || country is not null)
        {
            request.Client = new ClientContext(agent, country);
        }
    }

    private IPAddress? AddressOf(DecisionRequest request, HttpContext? http)
    {
        if (Said(request, "ip") is { } said)
        {
            return IPAddress.TryParse(said, out var named) ? named : null;
        }

        if (http is null || options.Proxies == 0)
        {
            return http?.Connection.RemoteIpAddress;
        }

        // The last proxy wrote the last address, and so on: what stands before theirs is the visitor's own word.
        var chain = string.Join(',', (IEnumerable<string?>)http.Request.Headers["X-Forwarded-For"]).Split(',', StringSplitOptions.TrimEntries);
        var text = chain.Length >= options.Proxies ? chain[^options.Proxies] : "";
        return IPEndPoint.TryParse(text, out var endpoint) ? endpoint.Address : null;
    }

    private static string? Said(DecisionRequest request, string name) =>
        request.Context.Member(name) is { Kind: AttributeKind.Text } value ? value.Text : null;
}
