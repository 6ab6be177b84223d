namespace Personalization.Grains.Configuration;

/// <summary>A change was not made, because the store can't be written, or holds a configuration that can't be read.</summary>
[GenerateSerializer]
[Alias("pz.configuration-not-stored")]
public sealed class ConfigurationNotStoredException : Exception
{
    /// <summary>States why.</summary>
    public ConfigurationNotStoredException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
