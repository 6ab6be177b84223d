namespace Personalization.Api.Geo;

/// <summary>A geo database can't be used; the message says why.</summary>
public sealed class GeoDatabaseException(string message, Exception? inner = null) : Exception(message, inner);
