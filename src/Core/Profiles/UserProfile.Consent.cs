using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Core.Profiles;

public sealed partial class UserProfile
{
    private ConsentChoices _consent;

    /// <summary>Gets what the person chose. It decides at the door what is taken in, so that here only races are left to see to.</summary>
    public ConsentChoices Consent => _consent;

    /// <summary>
    /// Folds a choice. It is no activity of the person: no window counts it and no session goes on by it, and a message that comes again
    /// finds its choice made, so that it needs no memory.
    /// </summary>
    private FoldOutcome FoldConsent(Event source)
    {
        IsLogin |= source.UserId is not null;
        _consent = _consent.With(source.Consent, source.Timestamp, out var changed);
        Forget(changed & _consent.Denied);
        return new FoldOutcome(true, -1, -1) { ConsentChanged = changed };
    }

    /// <summary>Lets go of everything that is kept for purposes that are now denied.</summary>
    private void Forget(Purposes denied)
    {
        if ((denied & Purposes.Personalization) == 0)
        {
            return;
        }

        (_windows, _seen, _recent, _categories, _brands) = (default, default, default, default, default);
        (_types, _assignments, _commerce, _accumulators, _sessionCounts, _previousActive) = ([], default, default, default, default, 0);
        (_receivedAt, _firstSeen, _sessionStart, _lastActive, _sessionEvents, _sessions, _lastItem) = (0, 0, 0, 0, 0, 0, -1);
        _automation = default;
    }
}
