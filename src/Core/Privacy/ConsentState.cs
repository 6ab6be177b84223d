namespace Personalization.Core.Privacy;

/// <summary>What a person chose about one purpose, the stricter the higher.</summary>
public enum ConsentState
{
    /// <summary>It may be served.</summary>
    Granted = 0,

    /// <summary>Nothing is known, or what was known was taken back.</summary>
    Unknown = 1,

    /// <summary>It may not be served.</summary>
    Denied = 2,
}
