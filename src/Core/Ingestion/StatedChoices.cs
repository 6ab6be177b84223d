using Personalization.Core.Events;
using Personalization.Core.Profiles;

namespace Personalization.Core.Ingestion;

/// <summary>Choices that were taken in and are not folded yet: whatever comes behind them is held to them.</summary>
/// <remarks>Safe for many threads. Almost always empty, and asking it then costs nothing.</remarks>
public sealed class StatedChoices
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (ConsentChoices Choices, int Users)> _people = new(StringComparer.Ordinal);
    private volatile bool _isEmpty = true;

    /// <summary>Notes a choice until <see cref="Remove"/> is called for the same event.</summary>
    public void Add(Event choice)
    {
        lock (_gate)
        {
            var (choices, users) = _people.GetValueOrDefault(choice.PersonId);
            _people[choice.PersonId] = (choices.With(choice.Consent, choice.Timestamp, out _), users + 1);
            _isEmpty = false;
        }
    }

    /// <summary>Says that a choice is folded, or was not made durable.</summary>
    public void Remove(Event choice)
    {
        lock (_gate)
        {
            var (choices, users) = _people[choice.PersonId];
            if (users > 1)
            {
                _people[choice.PersonId] = (choices, users - 1);
            }
            else
            {
                _people.Remove(choice.PersonId);
                _isEmpty = _people.Count == 0;
            }
        }
    }

    /// <summary>Gives what a person chose, with what they chose a moment ago.</summary>
    /// <param name="person">The person's id.</param>
    /// <param name="folded">What their profile says.</param>
    public ConsentChoices Over(string person, ConsentChoices folded)
    {
        if (_isEmpty)
        {
            return folded;
        }

        lock (_gate)
        {
            return _people.TryGetValue(person, out var stated) ? folded.Or(stated.Choices) : folded;
        }
    }
}
