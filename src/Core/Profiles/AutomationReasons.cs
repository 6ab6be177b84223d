namespace Personalization.Core.Profiles;

/// <summary>Why a person is taken for a program. A set of flags.</summary>
[Flags]
public enum AutomationReasons
{
    /// <summary>They are not.</summary>
    None = 0,

    /// <summary>Their user agent says so.</summary>
    UserAgent = 1,

    /// <summary>They act faster than people can.</summary>
    Rate = 2,
}
