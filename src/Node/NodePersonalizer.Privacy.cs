using System.Runtime.CompilerServices;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
using Personalization.Core.Training;

namespace Personalization.Node;

/// <content>What people may ask for: to take everything away, and to be forgotten; and what may be learned of them without a name.</content>
public sealed partial class NodePersonalizer
{
    private const int SessionsAtOnce = 1000;

    /// <inheritdoc/>
    public async ValueTask<Erasure> EraseAsync(IReadOnlyList<string> ids, CancellationToken cancellation) => await _eraser.EraseAsync(AllIdsOf(ids), cancellation);

    /// <inheritdoc/>
    public ValueTask<Erasure> BeginErasureAsync(IReadOnlyList<string> ids, CancellationToken cancellation) => new(_eraser.Begin(AllIdsOf(ids)));

    /// <inheritdoc/>
    public ValueTask<Erasure?> FindErasureAsync(string id, CancellationToken cancellation) => new(_eraser.Find(id));

    /// <inheritdoc/>
    public async ValueTask<PersonExport?> ExportAsync(string id, CancellationToken cancellation)
    {
        var ids = AllIdsOf([id]);
        var sessions = ids
            .SelectMany(_training.PseudonymsOf)
            .SelectMany(pseudonym => _database.ReadTrainingSessionsOf(pseudonym))
            .OrderBy(row => row.Sequence)
            .Select(row => OpenSession.Read(row.Pseudonym, row.Body!))
            .ToArray();
        var export = new PersonExport(
            id,
            _time.GetUtcNow(),
            await FindProfileAsync(id, cancellation),
            await _decisions.FindOfAsync(ids),
            sessions);
        return export.IsEmpty ? null : export;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TrainingSession> ReadTrainingAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.Yield();
        var ended = _time.GetUtcNow().ToUnixTimeMilliseconds() - (UserProfile.SessionGapSeconds * 1000L);
        long after = 0;
        while (_database.ReadTrainingSessions(after, SessionsAtOnce) is { Count: > 0 } rows)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var row in rows.Where(row => row.Ended < ended))
            {
                yield return OpenSession.Read(row.Pseudonym, row.Body!);
            }

            after = rows[^1].Sequence;
        }
    }
}
