namespace Personalization.Core.Profiles;

public sealed partial class UserProfile
{
    private AutomationState _automation;

    /// <summary>Gets whether, why and until when the person is taken for a program.</summary>
    public AutomationState Automation => _automation;

    /// <summary>Says whether the person is taken for a program at a time, in milliseconds since the Unix epoch.</summary>
    public bool IsAutomatedAt(long now) => _automation.At(now / 1000) != AutomationReasons.None;
}
