namespace Personalization.Core;

/// <summary>Something can't be made durable now, and nothing of it was done. Trying again later may work.</summary>
public sealed class UnavailableException : Exception
{
    /// <summary>Says what is wrong, what to do about it, and when trying again may help.</summary>
    public UnavailableException(string message, TimeSpan retryAfter, Exception? inner = null)
        : base(message, inner) => RetryAfter = retryAfter;

    /// <summary>Gets how long to wait before trying again.</summary>
    public TimeSpan RetryAfter { get; }
}
