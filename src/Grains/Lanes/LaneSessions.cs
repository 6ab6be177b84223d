using System.Buffers;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Core.Training;

namespace Personalization.Grains.Lanes;

/// <summary>Records the sessions of a lane's people for training, and has what changed kept at each flush.</summary>
/// <remarks>What a silo that dies had not flushed comes again and is recorded as a session of its own.</remarks>
public sealed class LaneSessions(ITrainingMemory memory, Vocabulary words, TimeProvider time)
{
    private const long GapMilliseconds = Core.Profiles.UserProfile.SessionGapSeconds * 1000L;

    private readonly Dictionary<string, OpenSession> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OpenSession> _changed = new(StringComparer.Ordinal);

    /// <summary>Records an event that was folded for the first time, or a mark.</summary>
    public async ValueTask RecordAsync(Event source)
    {
        var person = source.PersonId;
        if (source.Type == EventTypes.Erase || !source.Consent.Allows(Purposes.Training))
        {
            _open.Remove(person);
            _changed.Remove(person);
            return;
        }

        if (!OpenSession.Records(source))
        {
            return;
        }

        if (!_open.TryGetValue(person, out var session) || !session.Continues(source.Timestamp))
        {
            if (source.Type == EventTypes.Reward)
            {
                return;
            }

            if (_changed.Remove(person, out var ended))
            {
                await memory.WriteAsync([RowOf(person, ended)]);
            }

            _open[person] = session = new OpenSession(source.Timestamp);
        }

        session.Add(source, words);
        _changed[person] = session;
    }

    /// <summary>Has everything that changed kept, and lets go of sessions that are over.</summary>
    public async Task FlushAsync()
    {
        if (_changed.Count > 0)
        {
            var changed = _changed.Select(entry => RowOf(entry.Key, entry.Value)).ToArray();
            await memory.WriteAsync(changed);
            foreach (var (person, _, _) in changed)
            {
                _changed.Remove(person);
            }
        }

        var ended = time.GetUtcNow().ToUnixTimeMilliseconds() - GapMilliseconds;
        foreach (var (person, session) in _open)
        {
            if (session.LastAt < ended && !_changed.ContainsKey(person))
            {
                _open.Remove(person);
            }
        }
    }

    private (string Person, long StartedAt, byte[] Body) RowOf(string person, OpenSession session)
    {
        var body = new ArrayBufferWriter<byte>();
        session.Write(body, words);
        return (person, session.StartedAt, body.WrittenSpan.ToArray());
    }
}
