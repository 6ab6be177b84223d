namespace Personalization.Core.Privacy;

/// <summary>What data about a person may be used for. A set of flags.</summary>
[Flags]
public enum Purposes
{
    /// <summary>No purpose.</summary>
    None = 0,

    /// <summary>Counting and reporting.</summary>
    Analytics = 1,

    /// <summary>Deciding what this person sees.</summary>
    Personalization = 2,

    /// <summary>Teaching models that other people's decisions use.</summary>
    Training = 4,

    /// <summary>Advertising outside the site.</summary>
    Advertising = 8,

    /// <summary>Joining several devices of one person.</summary>
    CrossDevice = 16,
}
