using System.Security.Cryptography;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
using Personalization.Core.Training;
using Personalization.Node.HotState;
using Personalization.Node.Storage;

namespace Personalization.Node.Training;

/// <summary>Records sessions for training while they go on; checkpoints write them under pseudonyms.</summary>
/// <remarks>Belongs to the thread that folds, except for <see cref="PseudonymsOf"/>.</remarks>
internal sealed class SessionRecorder
{
    private const int MostResumed = 50_000;
    private const long SecretMilliseconds = Pseudonym.SecretDays * 86_400_000L;
    private const long GapMilliseconds = UserProfile.SessionGapSeconds * 1000L;

    private readonly Database _database;
    private readonly ChangeTracker _changes;
    private readonly Vocabulary _words;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, SessionSlot> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<UInt128, SessionRow> _resumable = [];
    private readonly Lock _rotating = new();
    private IReadOnlyList<TrainingSecret> _secrets;
    private long _sequence;

    public SessionRecorder(Database database, ChangeTracker changes, Vocabulary words, TimeProvider time)
    {
        _database = database;
        _changes = changes;
        _words = words;
        _time = time;
        _secrets = database.ReadTrainingSecrets();
        _sequence = database.LastTrainingSession();
        var last = database.ReadTrainingSessions(_sequence - MostResumed, MostResumed);
        var latest = last.Select(row => row.Ended).DefaultIfEmpty().Max();
        foreach (var row in last.Where(row => latest - row.Ended < GapMilliseconds))
        {
            _resumable[Key(row.Pseudonym)] = row;
        }
    }

    /// <summary>Records an event that was folded.</summary>
    public void Record(Event source)
    {
        if (!source.Consent.Allows(Purposes.Training))
        {
            Withdraw(source.PersonId);
            return;
        }

        if (OpenSession.Records(source) && Find(source) is { } slot)
        {
            lock (slot)
            {
                _changes.Changing(slot);
                slot.Add(source);
            }
        }
    }

    /// <summary>Stops recording a person's session. What is written of it is for the eraser to delete and to count.</summary>
    public void Erase(string person)
    {
        if (_open.Remove(person, out var slot))
        {
            lock (slot)
            {
                slot.IsErased = true;
            }
        }
    }

    /// <summary>Lets go of sessions that nothing was added to for as long as ends one, once they are written.</summary>
    public void Close()
    {
        var ended = _time.GetUtcNow().ToUnixTimeMilliseconds() - GapMilliseconds;
        foreach (var (person, slot) in _open)
        {
            if (slot.ChangedIn == 0 && slot.LastAt < ended)
            {
                _open.Remove(person);
            }
        }

        if (_resumable.Count > 0 && _resumable.Values.All(row => row.Ended < ended))
        {
            _resumable.Clear();
        }
    }

    /// <summary>Gives every pseudonym that sessions of a person may be kept under. Any thread.</summary>
    public IReadOnlyList<byte[]> PseudonymsOf(string person) => [.. _secrets.Select(secret => Pseudonym.Of(person, secret.Secret))];

    // A session that somebody takes their consent back in is none to learn from.
    private void Withdraw(string person)
    {
        if (_open.Remove(person, out var slot))
        {
            lock (slot)
            {
                _changes.Changing(slot);
                slot.IsWithdrawn = true;
            }
        }
    }

    private SessionSlot? Find(Event source)
    {
        var person = source.PersonId;
        if (_open.TryGetValue(person, out var slot) && slot.Continues(source.Timestamp))
        {
            return slot;
        }

        if (source.Type == EventTypes.Reward)
        {
            // Nothing begins with a reward.
            return null;
        }

        var secret = CurrentSecret();
        var pseudonym = Pseudonym.Of(person, secret.Secret);
        if (slot is null && _resumable.Remove(Key(pseudonym), out var row) && OpenSession.Resume(row.Body!, _words) is var resumed
            && resumed.Continues(source.Timestamp))
        {
            return _open[person] = new SessionSlot(resumed, row.Sequence, row.Secret, row.Pseudonym, _words);
        }

        return _open[person] = new SessionSlot(new OpenSession(source.Timestamp), ++_sequence, secret.Number, pseudonym, _words);
    }

    private TrainingSecret CurrentSecret()
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (_secrets is [.., var current] && now - current.Created < SecretMilliseconds)
        {
            return current;
        }

        lock (_rotating)
        {
            var next = new TrainingSecret(_secrets.Count == 0 ? 1 : _secrets[^1].Number + 1, RandomNumberGenerator.GetBytes(Pseudonym.SecretLength), now);
            _database.WriteTrainingSecret(next);
            _secrets = _database.ReadTrainingSecrets();
            return next;
        }
    }

    private static UInt128 Key(byte[] pseudonym) => System.Runtime.InteropServices.MemoryMarshal.Read<UInt128>(pseudonym);
}
