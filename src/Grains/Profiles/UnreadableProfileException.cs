namespace Personalization.Grains.Profiles;

/// <summary>The stored profile of a person can't be read: a newer version of the program wrote it, or it is damaged. It is left as it is.</summary>
[GenerateSerializer]
[Alias("pz.unreadable-profile")]
public sealed class UnreadableProfileException : Exception
{
    /// <summary>States why.</summary>
    public UnreadableProfileException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
