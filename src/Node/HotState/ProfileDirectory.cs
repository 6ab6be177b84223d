using System.Collections.Concurrent;
using Personalization.Core;
using Personalization.Core.Privacy.Encryption;
using Personalization.Core.Profiles;
using Personalization.Node.Storage;

namespace Personalization.Node.HotState;

/// <summary>Finds profiles: hot ones in memory, the others in the database.</summary>
/// <remarks>Any thread may <see cref="Find"/>; <see cref="GetOrAdd"/>, <see cref="Erase"/> and <see cref="Evict"/> belong to the thread that folds.</remarks>
internal sealed partial class ProfileDirectory(
    Database database, ProfileCipher cipher, Vocabulary words, TimeProvider time, int mostHot, ILogger<ProfileDirectory> logger)
{
    private const int SampleSize = 10_000;

    private readonly ConcurrentDictionary<string, ProfileSlot> _hot = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ErasedProfile> _erased = new(StringComparer.Ordinal);
    private readonly Lock _admission = new();
    private int _evictions;
    private long _added;

    /// <summary>Gets how many profiles are in memory.</summary>
    public int HotCount => _hot.Count;

    /// <summary>Gets how many profiles were made that the database did not have when it was opened.</summary>
    public long Added => Volatile.Read(ref _added);

    /// <summary>Finds a person's profile, or null where nothing is known of them.</summary>
    public ProfileSlot? Find(string id)
    {
        if (_hot.TryGetValue(id, out var hot))
        {
            hot.LastUsed = Seconds();
            return hot;
        }

        while (true)
        {
            var evictions = Volatile.Read(ref _evictions);
            if (_erased.ContainsKey(id) || Load(id) is not { } loaded)
            {
                // It may have been made since the first look.
                return _hot.GetValueOrDefault(id);
            }

            lock (_admission)
            {
                // An eviction since the read may have written a newer state than the one read.
                if (evictions == _evictions)
                {
                    return _hot.GetOrAdd(id, loaded);
                }
            }
        }
    }

    /// <summary>Finds a person's profile, or makes one.</summary>
    public ProfileSlot GetOrAdd(string id)
    {
        if (Find(id) is { } known)
        {
            return known;
        }

        Interlocked.Increment(ref _added);
        var made = new ProfileSlot(new UserProfile(id), words) { LastUsed = Seconds() };
        return _hot.GetOrAdd(id, made);
    }

    /// <summary>Gets those who were erased and whose rows no checkpoint has deleted yet.</summary>
    public IEnumerable<ErasedProfile> Erased => _erased.Values;

    /// <summary>Forgets a person: from now on the stored profile, which the next checkpoint deletes, is as good as gone.</summary>
    public ErasedProfile Erase(string id, string erasure)
    {
        var known = Find(id);
        if (known is not null)
        {
            lock (known)
            {
                known.IsErased = true;
            }

            Interlocked.Decrement(ref _added);
        }

        var erased = new ErasedProfile(id, erasure, known is not null);
        lock (_admission)
        {
            _erased[id] = erased;
            _evictions++;
            _hot.TryRemove(id, out _);
        }

        return erased;
    }

    /// <summary>Says whether a profile in memory has been active since a time; one that is not in memory was active no later than is stored.</summary>
    public bool IsActiveSince(string id, long time)
    {
        if (!_hot.TryGetValue(id, out var slot))
        {
            return false;
        }

        lock (slot)
        {
            return slot.Profile.LastSeen >= time;
        }
    }

    /// <summary>Takes note that the row of an erased profile is deleted.</summary>
    public void Forget(ErasedProfile erased) => _erased.TryRemove(KeyValuePair.Create(erased.Id, erased));

    /// <summary>Lets go of the profiles unused for longest, if there are too many. What has not been written stays.</summary>
    public void Evict()
    {
        var excess = _hot.Count - mostHot;
        if (excess <= 0)
        {
            return;
        }

        // A tenth more than needed, so that this is rare. Which tenth is the coldest, a sample tells well enough.
        var wanted = excess + (mostHot / 10);
        var sample = _hot.Take(SampleSize).Select(entry => entry.Value.LastUsed).Order().ToArray();
        var coldest = sample[(int)Math.Min(sample.Length - 1, (long)sample.Length * wanted / _hot.Count)];
        lock (_admission)
        {
            _evictions++;
            foreach (var (id, slot) in _hot)
            {
                if (slot.ChangedIn == 0 && slot.LastUsed <= coldest && _hot.TryRemove(id, out _) && --wanted == 0)
                {
                    return;
                }
            }
        }
    }

    private ProfileSlot? Load(string id)
    {
        if (database.ReadProfile(id) is not { } state)
        {
            return null;
        }

        try
        {
            return new ProfileSlot(UserProfile.Read(id, cipher.Open(id, state), words), words) { LastUsed = Seconds() };
        }
        catch (InvalidDataException damage)
        {
            LogDamaged(damage);
            return null;
        }
    }

    private int Seconds() => (int)(time.GetTimestamp() / time.TimestampFrequency);

    [LoggerMessage(Level = LogLevel.Error, Message = "A stored profile could not be read and starts afresh.")]
    private partial void LogDamaged(Exception exception);
}
