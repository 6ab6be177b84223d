using System.Buffers;
using Personalization.Core.Events;

namespace Personalization.Core.Profiles;

/// <summary>
/// One person's profile where events arrive twice: handed over at once by whoever acknowledged them, and later, in order, by the log.
/// </summary>
/// <remarks>
/// Only the log's copy is folded into <see cref="Folded"/>, so that is exactly the log's fold, whatever was handed over in whatever
/// order. What is handed over and not yet folded is seen by <see cref="View"/>, which is what decisions read. Not thread-safe.
/// </remarks>
public sealed partial class ProfileReplica
{
    /// <summary>How many events may be pending; beyond it the oldest wait for the log. Only a log far behind gets there.</summary>
    public const int MostPending = 1024;

    private readonly Vocabulary _words;
    private readonly SortedList<long, Event> _pending = [];
    private readonly Dictionary<string, SortedList<long, Event>> _pendingGuests = new(StringComparer.Ordinal);
    private UserProfile? _view;

    /// <summary>Starts from a profile that the log was folded into.</summary>
    public ProfileReplica(UserProfile folded, Vocabulary words)
    {
        Folded = folded;
        _words = words;
    }

    /// <summary>Gets the fold of the log: what is stored.</summary>
    public UserProfile Folded { get; private set; }

    /// <summary>Gets the fold of the log and of what was handed over ahead of it: what decisions read.</summary>
    public UserProfile View => _pending.Count == 0 && _pendingGuests.Count == 0 && _handedOn <= Folded.Version ? Folded : _view ??= FoldPending();

    /// <summary>Gets how many events were handed over that the log has not brought yet.</summary>
    public int Pending => _pending.Count;

    /// <summary>Folds an event that the log brings.</summary>
    /// <param name="source">The event.</param>
    /// <param name="position">Its position in the log. One that is not after <see cref="Folded"/>'s version was folded before.</param>
    public FoldOutcome Fold(Event source, long position)
    {
        _view = null;
        _pending.Remove(position);
        if (source.Type == EventTypes.Erase)
        {
            Erase(position);
            return FoldOutcome.Duplicate;
        }

        if (_route.OwnerAt(position) is not null)
        {
            Folded.Expose(source, _words);
            Folded.Follow(position);
            return FoldOutcome.Duplicate;
        }

        return Folded.Fold(source, position, _words);
    }

    /// <summary>Takes an event that the log holds and will bring later.</summary>
    /// <param name="source">The event.</param>
    /// <param name="position">Its position in the log.</param>
    /// <returns>The login that it belongs to, which is to be handed it instead; null where it was taken.</returns>
    public string? HandOver(Event source, long position)
    {
        if (position <= Folded.Version)
        {
            return null;
        }

        _view = null;
        if (source.Type != EventTypes.Erase && _route.OwnerAt(position) is { } login)
        {
            _handedOn = Math.Max(_handedOn, position);
            return login;
        }

        Hold(_pending, source, position);
        return null;
    }

    // Whose guests' events came how far is kept, so that those from before the mark do not come again.
    private void Erase(long position)
    {
        if (position <= Folded.Version)
        {
            return;
        }

        Folded = UserProfile.Erased(Folded.Id, position);
        _route = new DeviceRoute();
        _handedOn = 0;
        _pendingGuests.Clear();
        foreach (var earlier in _pending.Keys.Where(pending => pending < position).ToArray())
        {
            _pending.Remove(earlier);
        }
    }

    private static void Hold(SortedList<long, Event> pending, Event source, long position)
    {
        pending[position] = source;
        if (pending.Count > MostPending)
        {
            pending.RemoveAt(0);
        }
    }

    private UserProfile FoldPending()
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        Folded.Write(bytes, _words);
        var view = UserProfile.Read(Folded.Id, bytes.WrittenSpan, _words);
        foreach (var (position, source) in _pending)
        {
            if (source.Type == EventTypes.Erase)
            {
                view = UserProfile.Erased(view.Id, position);
                continue;
            }

            // What was handed over just before the device was joined is brought to the login by the log.
            if (_route.OwnerAt(position) is null)
            {
                view.Fold(source, position, _words);
            }
        }

        foreach (var source in _pendingGuests.Values.SelectMany(pending => pending.Values))
        {
            view.FoldGuest(source, _words);
        }

        view.Follow(_handedOn);
        return view;
    }
}
