namespace Personalization.Core.Profiles;

/// <summary>What joining a device to a login changes.</summary>
public enum LinkChange
{
    /// <summary>Nothing: what is to be joined is a login itself, or a newer link to another login stands.</summary>
    None,

    /// <summary>The device is this login's already.</summary>
    Renewed,

    /// <summary>The device was nobody's: its profile becomes part of the login's.</summary>
    First,

    /// <summary>The device was another login's, who keeps what happened so far.</summary>
    Moved,
}
