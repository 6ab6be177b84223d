using System.Net.Http.Headers;
using System.Text.Json;

namespace Personalization.Api.Tests;

/// <summary>What a server answered.</summary>
public sealed record Answer(int Status, string? MediaType, JsonElement Body, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    /// <summary>Gets the value of the <c>ETag</c> header.</summary>
    public string? ETag => Headers.ETag?.ToString();

    /// <summary>Gets a member of the body.</summary>
    public JsonElement this[string name] => Body.GetProperty(name);

    /// <summary>Asserts that this is an RFC 9457 problem that names one fault, among any others.</summary>
    public Answer IsProblem(int status, string? path = null, string? code = null)
    {
        Assert.True(status == Status, $"Expected {status}, not {Status}: {Body}");
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal("about:blank", this["type"].GetString());
        Assert.Equal(status, this["status"].GetInt32());
        Assert.NotEmpty(this["title"].GetString()!);
        Assert.NotEmpty(this["detail"].GetString()!);
        if (path is not null)
        {
            Assert.Contains((path, code), Errors);
        }

        return this;
    }

    /// <summary>Asserts that all went well.</summary>
    public Answer Is(int status)
    {
        Assert.True(status == Status, $"Expected {status}, not {Status}: {Body}");
        return this;
    }

    private IEnumerable<(string? Path, string? Code)> Errors =>
        this["errors"].EnumerateArray().Select(error => (error.GetProperty("path").GetString(), error.GetProperty("code").GetString()));
}
