using Personalization.Core;
using Personalization.Core.Privacy;
using Personalization.Core.Training;
using Personalization.Grains.Privacy;

namespace Personalization.Grains;

/// <content>What people may ask for: to take everything away, and to be forgotten; and what may be learned of them without a name.</content>
public sealed partial class ClusterPersonalizer
{
    private static readonly TimeSpan ErasurePatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ErasurePoll = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public async ValueTask<Erasure> EraseAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        var erasure = await BeginErasureAsync(ids, cancellation);
        while (erasure.FinishedAt is null)
        {
            if (time.GetElapsedTime(begun) > ErasurePatience)
            {
                throw new UnavailableException(
                    $"Erasure {erasure.Id} is noted and not finished, because a silo or the log is away. It goes on by itself.", ErasurePatience);
            }

            await Task.Delay(ErasurePoll, time, cancellation);
            erasure = await FindErasureAsync(erasure.Id, cancellation) ?? erasure;
        }

        return erasure;
    }

    /// <inheritdoc/>
    public async ValueTask<Erasure> BeginErasureAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        var id = Guid.CreateVersion7().ToString("N");
        var status = await grains.GetGrain<IErasureGrain>(id).BeginAsync([.. ids.Distinct(StringComparer.Ordinal)]);
        return status.ToErasure(id);
    }

    /// <inheritdoc/>
    public async ValueTask<Erasure?> FindErasureAsync(string id, CancellationToken cancellation) =>
        Guid.TryParseExact(id, "N", out _) && await grains.GetGrain<IErasureGrain>(id).FindAsync() is { } status ? status.ToErasure(id) : null;

    /// <inheritdoc/>
    public async ValueTask<PersonExport?> ExportAsync(string id, CancellationToken cancellation)
    {
        var export = new PersonExport(
            id,
            time.GetUtcNow(),
            await FindProfileAsync(id, cancellation),
            await decisions.FindOfAsync(id),
            await training.FindOfAsync(id));
        return export.IsEmpty ? null : export;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<TrainingSession> ReadTrainingAsync(CancellationToken cancellation) => training.ReadAsync(cancellation);
}
