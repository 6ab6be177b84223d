namespace Personalization.Core.Features;

/// <summary>What the door saw of the visitor's browser and connection. Nothing of it is stored.</summary>
/// <param name="userAgent">The <c>User-Agent</c> header, or null.</param>
/// <param name="country">The country of the address as ISO 3166-1 tells it: <c>DE</c>; null where it is not known.</param>
public sealed class ClientContext(string? userAgent, string? country)
{
    private UserAgent? _userAgent;

    /// <summary>Gets what the header says; it is read when it is asked for first.</summary>
    public UserAgent UserAgent => _userAgent ??= UserAgent.Parse(userAgent);

    /// <summary>Gets the country.</summary>
    public string? Country { get; } = country;
}
