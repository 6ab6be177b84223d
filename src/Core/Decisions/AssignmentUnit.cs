namespace Personalization.Core.Decisions;

/// <summary>What an experiment assigns variants to.</summary>
public enum AssignmentUnit
{
    /// <summary>The device, so that nobody's variant changes when they log in; the login where no device is named.</summary>
    Device,

    /// <summary>The login, which sees one variant on all devices. People who are not logged in take no part.</summary>
    Person,
}
