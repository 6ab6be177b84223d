using System.Buffers;
using System.Collections.Concurrent;
using Personalization.Core;
using Personalization.Core.Catalog;
using Personalization.Core.Configuration;
using Personalization.Core.DeadLetters;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Features;
using Personalization.Core.Ingestion;
using Personalization.Core.Monitoring;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
using Personalization.Core.Recommend;
using Personalization.Core.Training;

namespace Personalization.Api.Tests;

/// <summary>The engine's real parts behind one lock, with nothing on disk: the smallest host there can be.</summary>
internal sealed class MemoryPersonalizer(TimeProvider time) : IPersonalizer
{
    // One for all will do where nobody is erased.
    private static readonly byte[] Salt = new byte[AuditSubject.SaltLength];

    private readonly Lock _gate = new();
    private readonly Vocabulary _words = new();
    private readonly Dictionary<string, UserProfile> _profiles = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<DecisionId, byte[]> _decisions = new();
    private readonly ConcurrentDictionary<string, Erasure> _erasures = new(StringComparer.Ordinal);
    private readonly LearningDelta _learned = new();
    private readonly List<AuditEntry> _trail = [];
    private ItemKnowledge? _knowledge;
    private long _position;
    private ulong _asked;
    private long _letters;

    public ConfigurationState Configuration { get; private set; } = ConfigurationState.Empty;

    public PersonalizerStatistics Statistics => new(_position, _profiles.Count, Configuration.Plan.Catalog.Count, _profiles.Count, 0);

    /// <summary>Gets or sets how many more batches are taken before the disk is full; null for no end.</summary>
    public int? BatchesLeft { get; set; }

    /// <summary>Gets or sets what decisions fail with; null for nothing.</summary>
    public Exception? DecisionFailure { get; set; }

    /// <summary>Gets or sets the alerts there are.</summary>
    public IReadOnlyList<Alert> Alerts { get; set; } = [];

    /// <summary>Gets or sets whether decisions finish later, on another thread, as they do where a profile must be fetched.</summary>
    public bool IsRemote { get; set; }

    /// <summary>Gets the sizes of the batches taken, in order.</summary>
    public ConcurrentQueue<int> Batches { get; } = new();

    private ItemKnowledge Knowledge => _knowledge ??= new ItemKnowledge(_words);

    public async ValueTask<IngestReceipt> IngestAsync(IReadOnlyList<Event> events, CancellationToken cancellation)
    {
        IngestReceipt receipt;
        lock (_gate)
        {
            if (BatchesLeft is 0)
            {
                throw new UnavailableException("The disk is full. Make room on it.", TimeSpan.FromSeconds(1.2));
            }

            BatchesLeft--;
            Batches.Enqueue(events.Count);
            receipt = Fold(events);
        }

        await Task.Yield();
        return receipt;
    }

    public async ValueTask<Decision> DecideAsync(DecisionRequest request, CancellationToken cancellation)
    {
        if (IsRemote)
        {
            await Task.Yield();
        }

        if (DecisionFailure is not null)
        {
            throw DecisionFailure;
        }

        lock (_gate)
        {
            var now = Now;
            Knowledge.Refresh(Configuration.Plan.Catalog);
            var profile = _profiles.GetValueOrDefault(request.PersonId) ?? new UserProfile(request.PersonId);
            var context = DecisionContext.Of(profile, request, now, _words, _position, ConsentPolicy.Default);
            var decision = new DecisionEngine(Knowledge).Decide(DecisionId.Create(now, ++_asked), Configuration.Plan, context);
            if (decision.MayBeKept)
            {
                var bytes = new ArrayBufferWriter<byte>();
                DecisionCodec.Write(bytes, decision);
                _decisions[decision.Id] = bytes.WrittenSpan.ToArray();
            }

            return decision;
        }
    }

    public ValueTask<DecisionRecord?> FindDecisionAsync(DecisionId id, CancellationToken cancellation) =>
        new(_decisions.TryGetValue(id, out var bytes) ? DecisionCodec.Read(bytes) : null);

    public ValueTask<ProfileView?> FindProfileAsync(string id, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(_profiles.GetValueOrDefault(id)?.ViewAt(Now, _words));
        }
    }

    public ValueTask<FeatureVector?> FindFeaturesAsync(string id, IReadOnlyList<string>? names, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(_profiles.TryGetValue(id, out var profile)
                ? FeatureVector.Of(
                    new DecisionContext(profile, new DecisionRequest { UserId = id }, Now, _words, _position), Configuration.Plan.Features, names)
                : null);
        }
    }

    public Item? FindItem(string id) => Configuration.Plan.Catalog.Find(id, _words);

    public ValueTask<ChangeOutcome> ChangeAsync(ConfigurationChange change, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var outcome = Configuration.Apply(change, _words, out var next);
            Configuration = next;
            return new(outcome);
        }
    }

    public ValueTask<AuditPage> ReadAuditAsync(int chain, long after, int limit, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var head = _trail is [.., var last] ? new AuditHead(last.Sequence, last.Hash) : AuditHead.Empty;
            return new(chain == 0
                ? new AuditPage(1, head, [.. _trail.Skip((int)after).Take(limit)])
                : new AuditPage(1, AuditHead.Empty, []));
        }
    }

    public ValueTask<IReadOnlyList<AuditEntry>> ReadHistoryAsync(string id, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new([.. _trail.Where(entry => entry.Subject == AuditSubject.Of(Salt, id))]);
        }
    }

    private void PutOnRecord(AuditDraft draft) => _trail.Add(draft.Follow(
        _trail.Count + 1, AuditSubject.Of(Salt, draft.Person!), _trail is [.., var last] ? last.Hash : AuditHead.Empty.Hash));

    public ValueTask<IReadOnlyList<Alert>> ReadAlertsAsync(CancellationToken cancellation) => new(Alerts);

    public ValueTask KeepDeadLettersAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellation)
    {
        lock (_gate)
        {
            DeadLetters.AddRange(letters.Select(letter => letter with { Id = ++_letters }));
            return default;
        }
    }

    public ValueTask<IReadOnlyList<DeadLetter>> FindDeadLettersAsync(DeadLetterFilter filter, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new([.. DeadLetters.AsEnumerable().Reverse().Where(filter.Fits).Take(filter.Limit)]);
        }
    }

    public ValueTask<int> RemoveDeadLettersAsync(DeadLetterFilter filter, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(DeadLetters.RemoveAll(filter.Fits));
        }
    }

    private List<DeadLetter> DeadLetters { get; } = [];

    public ValueTask<Erasure> EraseAsync(IReadOnlyList<string> ids, CancellationToken cancellation) => BeginErasureAsync(ids, cancellation);

    public ValueTask<Erasure> BeginErasureAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var decisions = _decisions.Where(entry => ids.Contains(DecisionCodec.ReadPerson(entry.Value))).Select(entry => entry.Key).ToArray();
            var erasure = new Erasure
            {
                Id = $"erasure-{_erasures.Count + 1}",
                RequestedAt = time.GetUtcNow(),
                FinishedAt = time.GetUtcNow(),
                Total = ids.Count,
                Done = ids.Count,
                Erased = new ErasedCounts(ids.Count(_profiles.Remove), decisions.Count(id => _decisions.TryRemove(id, out _)), 0),
            };
            _erasures[erasure.Id] = erasure;
            return new(erasure);
        }
    }

    public ValueTask<Erasure?> FindErasureAsync(string id, CancellationToken cancellation) => new(_erasures.GetValueOrDefault(id));

    public async ValueTask<PersonExport?> ExportAsync(string id, CancellationToken cancellation)
    {
        var decisions = _decisions.Values.Where(bytes => DecisionCodec.ReadPerson(bytes) == id).Select(bytes => DecisionCodec.Read(bytes));
        var export = new PersonExport(id, time.GetUtcNow(), await FindProfileAsync(id, cancellation), [.. decisions], []);
        return export.IsEmpty ? null : export;
    }

    /// <summary>Gets the sessions that are given out for training.</summary>
    public List<TrainingSession> Training { get; } = [];

    public IAsyncEnumerable<TrainingSession> ReadTrainingAsync(CancellationToken cancellation) => Training.ToAsyncEnumerable();

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private IngestReceipt Fold(IReadOnlyList<Event> events)
    {
        var (duplicates, dropped) = (0, 0);
        var intake = new Intake(Configuration.Plan, _words, ConsentPolicy.Default);
        foreach (var source in events)
        {
            var known = _profiles.GetValueOrDefault(source.PersonId);
            if (!intake.Admits(source, known?.Consent ?? default))
            {
                dropped++;
                continue;
            }

            intake.Complete(source, null);
            if (known is not { } profile)
            {
                _profiles[source.PersonId] = profile = new UserProfile(source.PersonId);
            }

            var outcome = profile.Fold(source, ++_position, _words);
            duplicates += outcome.Applied ? 0 : 1;
            if (outcome.ConsentChanged != Purposes.None)
            {
                PutOnRecord(AuditDrafts.Of(profile.Id, source, outcome.ConsentChanged, _position));
            }

            _learned.Learn(source, outcome);
        }

        Knowledge.Merge(_learned);
        _learned.Clear();
        return new IngestReceipt(events.Count - dropped, duplicates, dropped, _position);
    }
}
