using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Personalization.Bench.Workload;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Privacy.Encryption;
using Personalization.Core.Profiles;
using Personalization.Core.Recommend;
using Personalization.Node.HotState;
using Personalization.Node.Ingestion;
using Personalization.Node.Privacy;
using Personalization.Node.Storage;
using Personalization.Node.Training;

namespace Personalization.Bench.InProcess;

/// <summary>Events folded into the hot profiles of 4 000 people, some 20 MB.</summary>
/// <remarks>
/// An iteration folds twelve new events of everybody into profiles that were folded from the same history, in the order in which they
/// could have come: one event of each person after the other. Histories differ in length, so that what arrays cost when they grow is
/// part of it, in the share that growth has.
/// </remarks>
[MemoryDiagnoser]
public class FoldBenchmarks
{
    private const int Everybody = 4_000;
    private const int EventsEach = Visits.EventsEach;
    private const int Group = 1_000;

    private readonly Event[][] _histories = new Event[Everybody][];
    private readonly string[] _ids = [.. Enumerable.Range(0, Everybody).Select(People.Id)];
    private readonly Vocabulary _words = new();
    private Event[][] _groups = [];
    private UserProfile[] _profiles = [];
    private ItemKnowledge? _knowledge;
    private Folder? _folder;
    private DataFolder? _data;
    private Database? _database;

    /// <summary>Gets or sets how many sessions of four events people had before, give or take a sixth: 54 go seven weeks back and fill the longest window.</summary>
    [Params(3, 54)]
    public int Sessions { get; set; }

    [GlobalSetup]
    public void MakeEvents()
    {
        var now = DateTimeOffset.UtcNow;
        var next = new Event[Everybody][];
        for (var person = 0; person < Everybody; person++)
        {
            var sessions = Sessions - (Sessions / 6) + (person % ((Sessions / 6 * 2) + 1));
            _histories[person] = [.. Visits.Of(person, now, [.. Enumerable.Range(0, sessions).Select(session => TimeSpan.FromHours(20 * (sessions - session)))])];
            next[person] = [.. Visits.Of(person, now.AddHours(9), [TimeSpan.FromHours(8), TimeSpan.FromHours(5), TimeSpan.FromHours(0)])];
        }

        _groups = [.. Enumerable.Range(0, EventsEach).SelectMany(step => next.Select(events => events[step])).Chunk(Group)];
        _knowledge = new ItemKnowledge(_words);
        _data = DataFolder.Open(Folders.Fresh("fold"));
        _database = Database.Open(_data.DatabaseFile);
    }

    [GlobalCleanup]
    public void Close()
    {
        _database!.Dispose();
        _data!.Dispose();
    }

    [IterationSetup(Target = nameof(Fold_into_profile_1500ns_64B))]
    public void MakeProfiles() => _profiles = [.. _histories.Select((_, person) => Fold(new UserProfile(_ids[person]), person))];

    [IterationSetup(Target = nameof(Fold_with_lock_tracking_and_learning))]
    public void MakeDirectory()
    {
        // The words and the knowledge of items last, as in a process that has run for a while.
        var directory = new ProfileDirectory(_database!, new ProfileCipher(KeyRing.Empty, _ => { }), _words, TimeProvider.System, Everybody, NullLogger<ProfileDirectory>.Instance);
        for (var person = 0; person < Everybody; person++)
        {
            Fold(directory.GetOrAdd(_ids[person]).Profile, person);
        }

        var changes = new ChangeTracker();
        _folder = new Folder(directory, _knowledge!, new SessionRecorder(_database!, changes, _words, TimeProvider.System), changes, new AuditTrail(_database!), _words, NullLogger<Folder>.Instance);
    }

    /// <summary>Ceiling: 1.5 µs, 64 B (DESIGN §7).</summary>
    [Benchmark(OperationsPerInvoke = Everybody * EventsEach)]
    public long Fold_into_profile_1500ns_64B()
    {
        var position = 1_000L;
        foreach (var group in _groups)
        {
            for (var i = 0; i < group.Length; i++)
            {
                var person = (int)((position - 1_000) % Everybody);
                _profiles[person].Fold(group[i], ++position, _words);
            }
        }

        return position;
    }

    /// <summary>The same through the host: finding the profile, its lock, change tracking, and what the recommenders learn, in groups of 1 000.</summary>
    [Benchmark(OperationsPerInvoke = Everybody * EventsEach)]
    public long Fold_with_lock_tracking_and_learning()
    {
        var position = 1_000L;
        foreach (var group in _groups)
        {
            _folder!.Fold(group, position + 1);
            position += group.Length;
            _folder.EndGroup(position);
        }

        return position;
    }

    private UserProfile Fold(UserProfile profile, int person)
    {
        foreach (var visit in _histories[person])
        {
            profile.Fold(visit, profile.Version + 1, _words);
        }

        return profile;
    }
}
