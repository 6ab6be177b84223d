using BenchmarkDotNet.Attributes;
using Personalization.Bench.Workload;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Core.Segments;

namespace Personalization.Bench.InProcess;

/// <summary>What it costs to know who is in which segment: while events are folded, and when everything is asked of one person.</summary>
[MemoryDiagnoser]
public class SegmentBenchmarks
{
    private const int Everybody = 4_000;
    private const int EventsEach = Visits.EventsEach;
    private const int Sessions = 54;

    private readonly Event[][] _histories = new Event[Everybody][];
    private readonly Memberships[] _memberships = new Memberships[Everybody];
    private readonly Vocabulary _words = new();
    private readonly List<SegmentFlip> _flips = new(1_000);
    private Event[] _next = [];
    private UserProfile[] _profiles = [];
    private ActiveSegments _twenty = ActiveSegments.None;
    private ActiveSegments _hundred = ActiveSegments.None;
    private SegmentEvaluator? _evaluator;
    private long _now;
    private int _person;

    [GlobalSetup]
    public void MakeEvents()
    {
        var now = DateTimeOffset.UtcNow;
        _now = now.AddHours(9).ToUnixTimeMilliseconds();
        var next = new Event[Everybody][];
        for (var person = 0; person < Everybody; person++)
        {
            var sessions = Sessions - (Sessions / 6) + (person % ((Sessions / 6 * 2) + 1));
            _histories[person] = [.. Visits.Of(person, now, [.. Enumerable.Range(0, sessions).Select(session => TimeSpan.FromHours(20 * (sessions - session)))])];
            next[person] = [.. Visits.Of(person, now.AddHours(9), [TimeSpan.FromHours(8), TimeSpan.FromHours(5), TimeSpan.FromHours(0)])];
        }

        _next = [.. Enumerable.Range(0, EventsEach).SelectMany(step => next.Select(events => events[step]))];
        _twenty = Audience.Of(20, _words);
        _hundred = Audience.Of(100, _words);
        _evaluator = new SegmentEvaluator(_words);
    }

    [IterationSetup(Target = nameof(Fold_with_20_segments_1500ns_64B))]
    public void MakeProfiles() => Make(_twenty);

    [GlobalSetup(Target = nameof(Ask_100_segments_10us))]
    public void MakeProfilesOnce()
    {
        MakeEvents();
        Make(_hundred);
    }

    /// <summary>Ceiling: 1.5 µs, 64 B. As <see cref="FoldBenchmarks.Fold_into_profile_1500ns_64B"/>, and each event asks the segments it can change.</summary>
    [Benchmark(OperationsPerInvoke = Everybody * EventsEach)]
    public int Fold_with_20_segments_1500ns_64B()
    {
        var position = 1_000L;
        var flips = 0;
        for (var i = 0; i < _next.Length; i++)
        {
            var person = i % Everybody;
            var source = _next[i];
            _profiles[person].Fold(source, ++position, _words);
            _evaluator!.Evaluate(_twenty.ChangedBy(source.Type), _profiles[person], source.ReceivedAt, ref _memberships[person], _flips);
            flips += _flips.Count;
            _flips.Clear();
        }

        return flips;
    }

    /// <summary>Ceiling: 10 µs. Somebody else each time, in no order that the processor could guess.</summary>
    [Benchmark]
    public int Ask_100_segments_10us()
    {
        _person = (_person + 1_663) % Everybody;
        _evaluator!.Evaluate(_hundred.All, _profiles[_person], _now, ref _memberships[_person], _flips);
        var flips = _flips.Count;
        _flips.Clear();
        return flips;
    }

    private void Make(ActiveSegments segments)
    {
        _profiles = [.. _histories.Select((history, person) =>
        {
            var profile = new UserProfile(People.Id(person));
            foreach (var visit in history)
            {
                profile.Fold(visit, profile.Version + 1, _words);
            }

            _memberships[person] = default;
            _evaluator!.Evaluate(segments.All, profile, history[^1].ReceivedAt, ref _memberships[person], _flips);
            _flips.Clear();
            return profile;
        })];
    }
}
