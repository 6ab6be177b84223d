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

    private readonly Lock _gate = new();
    private readonly Dictionary<string, OpenSession> _open = new(StringComparer.Ordinal);
    private readonly HashSet<(string Person, OpenSession Session)> _changed = [];

    /// <summary>Records an event that was folded for the first time, or a mark.</summary>
    public void Record(Event source)
    {
        lock (_gate)
        {
            var person = source.PersonId;
            if (source.Type == EventTypes.Erase || !source.Consent.Allows(Purposes.Training))
            {
                _open.Remove(person);
                _changed.RemoveWhere(entry => entry.Person == person);
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

                _open[person] = session = new OpenSession(source.Timestamp);
            }

            session.Add(source, words);
            _changed.Add((person, session));
        }
    }

    /// <summary>Has everything that changed kept, and lets go of sessions that are over. If it throws, the next one tries again.</summary>
    public async Task FlushAsync()
    {
        (string Person, OpenSession Session)[] changed;
        (string, long, byte[])[] rows;
        lock (_gate)
        {
            changed = [.. _changed];
            rows = [.. changed.Select(entry => RowOf(entry.Person, entry.Session))];
            _changed.Clear();
            var ended = time.GetUtcNow().ToUnixTimeMilliseconds() - GapMilliseconds;
            foreach (var (person, session) in _open)
            {
                if (session.LastAt < ended)
                {
                    _open.Remove(person);
                }
            }
        }

        if (rows.Length == 0)
        {
            return;
        }

        try
        {
            await memory.WriteAsync(rows);
        }
        catch
        {
            lock (_gate)
            {
                _changed.UnionWith(changed);
            }

            throw;
        }
    }

    private (string Person, long StartedAt, byte[] Body) RowOf(string person, OpenSession session)
    {
        var body = new ArrayBufferWriter<byte>();
        session.Write(body, words);
        return (person, session.StartedAt, body.WrittenSpan.ToArray());
    }
}
