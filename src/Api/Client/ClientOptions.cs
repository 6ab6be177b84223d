using Personalization.Api.Geo;

namespace Personalization.Api.Client;

/// <summary>How a door sees who asks.</summary>
public sealed record ClientOptions
{
    /// <summary>Gets what tells the country of an address; without it nothing does.</summary>
    public GeoDatabase? Geo { get; init; }

    /// <summary>
    /// Gets how many proxies stand in front, each of which appends the address it was asked from to <c>X-Forwarded-For</c>. With 0, the
    /// default, the header is not looked at: whoever asks could write anything into it.
    /// </summary>
    public int Proxies { get; init; }

    /// <summary>Reads the command line's <c>--geo-db</c> and <c>--proxies</c>.</summary>
    /// <exception cref="GeoDatabaseException">The file can't be used; the message names the option.</exception>
    public static ClientOptions Of(string? geoDatabase, int proxies)
    {
        try
        {
            return new ClientOptions { Geo = string.IsNullOrEmpty(geoDatabase) ? null : GeoDatabase.Open(geoDatabase), Proxies = proxies };
        }
        catch (GeoDatabaseException exception)
        {
            throw new GeoDatabaseException($"--geo-db: {exception.Message}", exception);
        }
    }
}
