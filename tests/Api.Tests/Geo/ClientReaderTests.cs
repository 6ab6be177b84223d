using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Personalization.Api.Client;
using Personalization.Api.Geo;
using Personalization.Core.Conditions;
using Personalization.Core.Decisions;

namespace Personalization.Api.Tests.Geo;

public sealed class ClientReaderTests
{
    private static readonly GeoDatabase Geo = GeoDatabase.Read(SmallMmdb.Of(("1.0.0.0/8", "AU"), ("2.0.0.0/8", "FR"), ("3.0.0.0/8", "US")));

    [Theory]
    [InlineData(0, "2.1.1.1", "AU")]
    [InlineData(1, "2.1.1.1", "FR")]
    [InlineData(1, "3.1.1.1, 2.1.1.1", "FR")]
    [InlineData(2, "3.1.1.1, 2.1.1.1", "US")]
    [InlineData(2, "3.1.1.1:4711,2.1.1.1", "US")]
    [InlineData(2, "2.1.1.1", null)]
    [InlineData(1, "nonsense", null)]
    [InlineData(1, null, null)]
    public void Only_what_proxies_wrote_is_believed(int proxies, string? forwarded, string? country)
    {
        var request = new DecisionRequest { AnonymousId = "ann" };

        new ClientReader(new ClientOptions { Geo = Geo, Proxies = proxies }).Complete(request, Http("1.1.1.1", forwarded));

        Assert.Equal(country, request.Client?.Country);
    }

    [Fact]
    public void A_server_that_asks_for_a_visitor_says_who_that_is()
    {
        var request = new DecisionRequest
        {
            AnonymousId = "ann",
            Context = AttributeValue.FromJson(JsonElement.Parse("""{"ip":"3.2.2.2","userAgent":"Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0"}""")),
        };

        new ClientReader(new ClientOptions { Geo = Geo }).Complete(request, Http("1.1.1.1", null));

        Assert.Equal(("US", "Firefox Mobile"), (request.Client!.Country, request.Client.UserAgent.Browser));
    }

    private static DefaultHttpContext Http(string address, string? forwarded)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        context.Request.Headers["X-Forwarded-For"] = forwarded;
        return context;
    }
}
