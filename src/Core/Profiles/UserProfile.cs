using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Core.Profiles;

/// <summary>The folded state of one person: windows, affinities, recent items, session. Never the raw history.</summary>
/// <remarks>
/// Not thread-safe: the host lets one caller in at a time. Folding the same events in the same order gives the same state anywhere;
/// the only clock is the events' own. Times are milliseconds since the Unix epoch where they are <c>long</c>.
/// </remarks>
public sealed partial class UserProfile
{
    /// <summary>The inactivity that ends a session, in seconds: 30 minutes.</summary>
    public const int SessionGapSeconds = 30 * 60;

    /// <summary>How many event types a profile tells apart; further ones are counted together as <see cref="OtherTypes"/>.</summary>
    public const int MostTypes = 32;

    /// <summary>The name under which types beyond <see cref="MostTypes"/> are counted.</summary>
    public const string OtherTypes = "$other";

    private ActivityWindows _windows;
    private SeenMessages _seen;
    private RecentItems _recent;
    private AffinitySet _categories;
    private AffinitySet _brands;
    private Assignments _assignments;
    private Commerce _commerce;
    private AccumulatorSet _accumulators;
    private SessionCounts _sessionCounts;
    private TypeTotal[] _types = [];
    private long _receivedAt;
    private uint _firstSeen;
    private uint _sessionStart;
    private uint _lastActive;
    private uint _previousActive;
    private int _sessionEvents;
    private int _sessions;
    private int _lastItem = -1;

    /// <summary>Makes the profile of a person nothing is known of.</summary>
    public UserProfile(string id) => Id = id;

    /// <summary>Gets the person's id.</summary>
    public string Id { get; }

    /// <summary>Gets the log position up to which this person's events are folded; 0 before the first.</summary>
    public long Version { get; private set; }

    /// <summary>Gets whether anything was ever folded. Of an erased person only the position is left.</summary>
    public bool IsKnown => _sessions > 0 || !_consent.IsEmpty;

    /// <summary>Gets the time of the earliest event.</summary>
    public long FirstSeen => _firstSeen * 1000L;

    /// <summary>Gets the time of the latest event.</summary>
    public long LastSeen => _lastActive * 1000L;

    /// <summary>Gets how many sessions there were.</summary>
    public int Sessions => _sessions;

    /// <summary>Gets the items of interest, newest first, each once.</summary>
    public ReadOnlySpan<RecentItem> RecentItems => _recent.Entries;

    /// <summary>Gets the types of events that happened, in the order they first did.</summary>
    public ReadOnlySpan<TypeTotal> Types => _types;

    /// <summary>Gets the time of the first event of the last session, running or not.</summary>
    public long LastVisitStart => _sessionStart * 1000L;

    /// <summary>Gets the time of the last event of the session before the last one; 0 where there was only one.</summary>
    public long PreviousVisit => _previousActive * 1000L;

    internal ref readonly Commerce Commerce => ref _commerce;

    internal ref readonly AccumulatorSet Accumulators => ref _accumulators;

    internal ref readonly AffinitySet Categories => ref _categories;

    internal ref readonly AffinitySet Brands => ref _brands;

    /// <summary>Makes what is left of an erased person: the position up to which the log must not bring anything back.</summary>
    public static UserProfile Erased(string id, long position) => new(id) { Version = position };

    /// <summary>Reads when the person was last active from what <see cref="Write"/> wrote, in milliseconds since the Unix epoch, and nothing else.</summary>
    /// <exception cref="InvalidDataException">The bytes are no profile.</exception>
    public static long ReadLastSeen(ReadOnlySpan<byte> bytes)
    {
        var reader = new BytesReader(bytes);
        reader.ReadByte();
        reader.ReadNumber();
        reader.ReadNumber();
        reader.ReadUInt32();
        reader.ReadUInt32();
        return reader.ReadUInt32() * 1000L;
    }

    /// <summary>Folds one event of this person.</summary>
    /// <param name="source">The event.</param>
    /// <param name="position">Its position in the log, greater than any folded before.</param>
    /// <param name="words">The process's vocabulary.</param>
    public FoldOutcome Fold(Event source, long position, Vocabulary words)
    {
        if (position <= Version)
        {
            return FoldOutcome.Duplicate;
        }

        // A message sent twice lies in the log twice: the second one changes nothing, but the log has been followed that far.
        Version = position;
        return FoldGuest(source, words);
    }

    /// <summary>Folds one event of a device that belongs to this login, which has positions of its own, whoever follows them.</summary>
    /// <param name="source">The event.</param>
    /// <param name="words">The process's vocabulary.</param>
    public FoldOutcome FoldGuest(Event source, Vocabulary words)
    {
        if (source.Type == EventTypes.Consent)
        {
            return FoldConsent(source);
        }

        if (_consent.Denies(Purposes.Personalization))
        {
            // It passed the door before the denial did, and lies behind it in the log.
            return FoldOutcome.Duplicate;
        }

        if (!_seen.TryAdd(StableHash.Of(source.MessageId)))
        {
            return FoldOutcome.Duplicate;
        }

        IsLogin |= source.UserId is not null;
        _receivedAt = Math.Max(_receivedAt, source.ReceivedAt);
        var at = Seconds(source.Timestamp);
        var inOrder = Touch(at, out var continues);

        var slot = Slot(source.Type, words);
        ref var type = ref _types[slot];
        type = type with { Total = type.Total + 1, LastAt = Math.Max(type.LastAt, at) };
        _windows.Add(slot, source.Timestamp, _receivedAt);
        _commerce.Fold(source, at, _receivedAt);
        if (inOrder)
        {
            _sessionCounts = _sessionCounts.With(source.Type);
        }

        for (var i = 0; i < source.Contributions.Count; i++)
        {
            _accumulators.Add(source.Contributions[i], source.Timestamp, _receivedAt, words);
        }

        _automation.Fold(source, at);
        var isAutomated = _automation.At(at) != AutomationReasons.None;
        for (var i = 0; i < source.Exposures.Count && !isAutomated; i++)
        {
            _assignments.Add(source.Exposures[i], at, source.AnonymousId, words);
        }

        var outcome = FoldInterest(source, at, words, inOrder, continues);
        return isAutomated ? new FoldOutcome(true, -1, -1) { IsAutomated = true } : outcome;
    }

    /// <summary>Counts the events of a type in a window of <see cref="Window.All"/>, as seen at a time.</summary>
    public long Count(string type, int window, long now)
    {
        var slot = Find(type);
        return slot < 0 ? 0 : _windows.Count(window, slot, now);
    }

    /// <summary>Counts the events of a type in all.</summary>
    public long Total(string type)
    {
        var slot = Find(type);
        return slot < 0 ? 0 : _types[slot].Total;
    }

    /// <summary>Gets when an event of a type happened last; 0 where none did.</summary>
    public long LastAt(string type)
    {
        var slot = Find(type);
        return slot < 0 ? 0 : _types[slot].LastAt * 1000L;
    }

    /// <summary>Gets what happened in the running session; nothing where inactivity has ended it by a time.</summary>
    public SessionCounts SessionCountsAt(long now) => SessionAt(now) is null ? default : _sessionCounts;

    /// <summary>Gets the running session, or null where inactivity has ended it by a time.</summary>
    public Session? SessionAt(long now) => _sessions > 0 && (now / 1000) - _lastActive < SessionGapSeconds
        ? new Session(_sessions, _sessionStart * 1000L, _lastActive * 1000L, _sessionEvents)
        : null;

    /// <summary>Finds the variant this person was exposed to first under an experiment's version, on any device; -1 where there is none.</summary>
    /// <param name="experiment">The experiment's id, as a number in the vocabulary.</param>
    /// <param name="version">The experiment's version now.</param>
    public int AssignedVariant(int experiment, int version) => _assignments.Earliest(experiment, version);

    /// <summary>Finds the variant that was shown on one device under an experiment's version; -1 where there is none. Any thread.</summary>
    /// <param name="experiment">The experiment's id, as a number in the vocabulary.</param>
    /// <param name="version">The experiment's version now.</param>
    /// <param name="device">The device's id.</param>
    public int AssignedVariant(int experiment, int version, string device) => _assignments.Of(experiment, version, device);

    /// <summary>Moves the person's clock; false for an event that is older than the last one, which changes no session.</summary>
    private bool Touch(uint at, out bool continues)
    {
        if (_sessions == 0)
        {
            _firstSeen = at;
        }

        _firstSeen = Math.Min(_firstSeen, at);
        if (_sessions > 0 && at < _lastActive)
        {
            continues = false;
            return false;
        }

        continues = _sessions > 0 && at - _lastActive < SessionGapSeconds;
        if (!continues)
        {
            _previousActive = _lastActive;
            _sessionCounts = default;
            _sessions++;
            _sessionStart = at;
            _sessionEvents = 0;
            _lastItem = -1;
        }

        _sessionEvents++;
        _lastActive = at;
        return true;
    }

    private FoldOutcome FoldInterest(Event source, uint at, Vocabulary words, bool inOrder, bool continues)
    {
        var affinity = EventTypes.AffinityWeight(source.Type);
        AddAffinity(ref _categories, source.Category, affinity, at, words);
        AddAffinity(ref _brands, source.Brand, affinity, at, words);
        var item = EventTypes.InterestWeight(source.Type) > 0 && source.ItemId is { } id ? words.Number(id) : -1;
        if (item < 0)
        {
            return new FoldOutcome(true, -1, -1);
        }

        _recent.Add(item, at);
        var previous = inOrder && continues ? _lastItem : -1;
        _lastItem = inOrder ? item : _lastItem;

        // Like above: the door lets nobody teach who denied it, but an event may have passed before.
        return _consent.Denies(Purposes.Training) ? new FoldOutcome(true, -1, -1) : new FoldOutcome(true, item, previous);
    }

    private static void AddAffinity(ref AffinitySet affinities, string? name, double weight, uint at, Vocabulary words)
    {
        if (weight > 0 && name is not null && words.Number(name) is >= 0 and var symbol)
        {
            affinities.Add(symbol, weight, at);
        }
    }

    private int Find(string type)
    {
        for (var i = 0; i < _types.Length; i++)
        {
            if (_types[i].Type == type)
            {
                return i;
            }
        }

        return -1;
    }

    private int Slot(string type, Vocabulary words)
    {
        var slot = Find(type);
        if (slot >= 0)
        {
            return slot;
        }

        if (_types.Length >= MostTypes - 1)
        {
            // Somebody may have sent an event that is named so: it has one slot all the same.
            var others = Find(OtherTypes);
            if (others >= 0)
            {
                return others;
            }

            type = OtherTypes;
        }

        var number = words.Number(type);
        _types = [.. _types, new TypeTotal(number < 0 ? type : words[number], 0, 0)];
        return _types.Length - 1;
    }
}
