using System.Text.Json;
using Personalization.Core.Features;
using Personalization.Core.Profiles;

namespace Personalization.Core.Segments;

/// <summary>What a segment's condition looks at, and so what may change its answer: types of events, and the passing of time.</summary>
/// <remarks>A feature that nothing is known of here may change with every event and whenever time makes any feature change.</remarks>
public sealed class SegmentReads
{
    private readonly HashSet<string> _eventTypes = new(StringComparer.Ordinal);
    private readonly List<TimedRead> _timed = [];

    /// <summary>Gets whether an event of any type may change the answer.</summary>
    public bool AnyEvent { get; private set; }

    /// <summary>Gets the types of events that may change the answer, where <see cref="AnyEvent"/> does not say that all may.</summary>
    public IReadOnlySet<string> EventTypes => _eventTypes;

    /// <summary>Gets whether time alone may change the answer.</summary>
    public bool DependOnTime => _timed.Count > 0;

    internal IReadOnlyList<TimedRead> Timed => _timed;

    /// <summary>Finds what a condition reads.</summary>
    /// <param name="condition">The condition as it was written, for the numbers that features are compared with.</param>
    /// <param name="paths">The features that it names.</param>
    /// <param name="features">The features.</param>
    /// <param name="segment">Gives what another segment reads.</param>
    internal static SegmentReads Of(
        JsonElement condition, IReadOnlyList<string> paths, FeatureRegistry features, Func<string, SegmentReads?> segment)
    {
        var reads = new SegmentReads();
        foreach (var path in paths)
        {
            reads.Add(path, condition, features, segment);
        }

        return reads;
    }

    private void Add(string path, JsonElement condition, FeatureRegistry features, Func<string, SegmentReads?> segment)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var (room, rest) = dot < 0 ? (path, "") : (path[..dot], path[(dot + 1)..]);
        switch (room)
        {
            case "events" when TryAddCount(rest):
                break;
            case "segments" when segment(rest) is { } other:
                AnyEvent |= other.AnyEvent;
                _eventTypes.UnionWith(other._eventTypes);
                _timed.AddRange(other._timed);
                break;
            case "affinity" or "top" or "recent":
                // Shares of interest fade alike, so time changes none of them.
                AnyEvent = true;
                break;
            case "session" when rest is "active" or "number" or "events" or "minutes":
                AnyEvent = true;
                _timed.Add(TimedRead.SessionEnd);
                if (rest == "minutes")
                {
                    _timed.AddRange(ConditionThresholds.Of(condition, path).Select(minutes => TimedRead.SessionAge(minutes * 60_000)));
                }

                break;
            case "profile" when rest is "known" or "sessions":
                AnyEvent = true;
                break;
            case "profile" when rest is "ageDays":
                AnyEvent = true;
                _timed.AddRange(ConditionThresholds.Of(condition, path).Select(days => TimedRead.ProfileAge(days * 86_400_000)));
                break;
            default:
                if (features.Find(path, out _)?.Family.Source != FeatureSource.Request)
                {
                    AnyEvent = true;
                    _timed.Add(TimedRead.Anything);
                }

                break;
        }
    }

    private bool TryAddCount(string rest)
    {
        // The type may hold dots; the window never does.
        var dot = rest.LastIndexOf('.');
        var window = dot <= 0 ? -1 : Window.IndexOf(rest[(dot + 1)..]);
        if (window < 0 && !rest.EndsWith(".total", StringComparison.Ordinal))
        {
            return false;
        }

        var type = rest[..dot];
        AnyEvent |= type == UserProfile.OtherTypes;
        _eventTypes.Add(type);
        if (window >= 0)
        {
            _timed.Add(TimedRead.Pane(type, window));
        }

        return true;
    }
}
