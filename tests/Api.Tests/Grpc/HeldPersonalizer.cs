using Personalization.Core;
using Personalization.Core.Catalog;
using Personalization.Core.Configuration;
using Personalization.Core.DeadLetters;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Features;
using Personalization.Core.Monitoring;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
using Personalization.Core.Segments;
using Personalization.Core.Training;

namespace Personalization.Api.Tests.Grpc;

/// <summary>The engine in memory, except that whatever concerns one person is held until its caller gives up.</summary>
internal sealed class HeldPersonalizer(MemoryPersonalizer engine) : IPersonalizer
{
    /// <summary>The id of the person who is never answered.</summary>
    public const string Person = "held";

    private readonly TaskCompletionSource _asked = new();
    private readonly TaskCompletionSource _givenUp = new();

    /// <summary>Gets a task that ends when somebody asks for the person.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Gets a task that ends when whoever asked gave up.</summary>
    public Task GivenUp => _givenUp.Task;

    public ConfigurationState Configuration => engine.Configuration;

    public PersonalizerStatistics Statistics => engine.Statistics;

    public async ValueTask<IngestReceipt> IngestAsync(IReadOnlyList<Event> events, CancellationToken cancellation)
    {
        await HoldAsync(events[0].PersonId, cancellation);
        return await engine.IngestAsync(events, cancellation);
    }

    public async ValueTask<Decision> DecideAsync(DecisionRequest request, CancellationToken cancellation)
    {
        await HoldAsync(request.PersonId, cancellation);
        return await engine.DecideAsync(request, cancellation);
    }

    public ValueTask<DecisionRecord?> FindDecisionAsync(DecisionId id, CancellationToken cancellation) => engine.FindDecisionAsync(id, cancellation);

    public async ValueTask<ProfileView?> FindProfileAsync(string id, CancellationToken cancellation)
    {
        await HoldAsync(id, cancellation);
        return await engine.FindProfileAsync(id, cancellation);
    }

    public ValueTask<FeatureVector?> FindFeaturesAsync(string id, IReadOnlyList<string>? names, CancellationToken cancellation) =>
        engine.FindFeaturesAsync(id, names, cancellation);

    public Item? FindItem(string id) => engine.FindItem(id);

    public ValueTask<ChangeOutcome> ChangeAsync(ConfigurationChange change, CancellationToken cancellation) => engine.ChangeAsync(change, cancellation);

    public ValueTask<AuditPage> ReadAuditAsync(int chain, long after, int limit, CancellationToken cancellation) =>
        engine.ReadAuditAsync(chain, after, limit, cancellation);

    public ValueTask<IReadOnlyList<AuditEntry>> ReadHistoryAsync(string id, CancellationToken cancellation) => engine.ReadHistoryAsync(id, cancellation);

    public ValueTask<IReadOnlyList<Alert>> ReadAlertsAsync(CancellationToken cancellation) => engine.ReadAlertsAsync(cancellation);

    public ValueTask KeepDeadLettersAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellation) =>
        engine.KeepDeadLettersAsync(letters, cancellation);

    public ValueTask<IReadOnlyList<DeadLetter>> FindDeadLettersAsync(DeadLetterFilter filter, CancellationToken cancellation) =>
        engine.FindDeadLettersAsync(filter, cancellation);

    public ValueTask<int> RemoveDeadLettersAsync(DeadLetterFilter filter, CancellationToken cancellation) =>
        engine.RemoveDeadLettersAsync(filter, cancellation);

    public ValueTask<Erasure> EraseAsync(IReadOnlyList<string> ids, CancellationToken cancellation) => engine.EraseAsync(ids, cancellation);

    public ValueTask<Erasure> BeginErasureAsync(IReadOnlyList<string> ids, CancellationToken cancellation) => engine.BeginErasureAsync(ids, cancellation);

    public ValueTask<Erasure?> FindErasureAsync(string id, CancellationToken cancellation) => engine.FindErasureAsync(id, cancellation);

    public ValueTask<PersonExport?> ExportAsync(string id, CancellationToken cancellation) => engine.ExportAsync(id, cancellation);

    public IAsyncEnumerable<TrainingSession> ReadTrainingAsync(CancellationToken cancellation) => engine.ReadTrainingAsync(cancellation);

    public ValueTask<SegmentSize?> SizeOfSegmentAsync(string id, CancellationToken cancellation) => engine.SizeOfSegmentAsync(id, cancellation);

    public ValueTask<IReadOnlyList<string>?> SampleSegmentAsync(string id, int count, CancellationToken cancellation) =>
        engine.SampleSegmentAsync(id, count, cancellation);

    public ValueTask<SegmentOverlap> OverlapSegmentsAsync(IReadOnlyList<string> ids, CancellationToken cancellation) =>
        engine.OverlapSegmentsAsync(ids, cancellation);

    public ValueTask<SegmentPreview> PreviewSegmentAsync(SegmentDraft draft, CancellationToken cancellation) =>
        engine.PreviewSegmentAsync(draft, cancellation);

    public ValueTask<SegmentChangePage> ReadSegmentChangesAsync(string? segment, string? after, TimeSpan patience, CancellationToken cancellation) =>
        engine.ReadSegmentChangesAsync(segment, after, patience, cancellation);

    private async Task HoldAsync(string person, CancellationToken cancellation)
    {
        if (person != Person)
        {
            return;
        }

        _asked.SetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        finally
        {
            _givenUp.SetResult();
        }
    }
}
