using Personalization.Core;
using Personalization.Core.Decisions;
using Personalization.Core.Privacy;
using Personalization.Core.Training;
using Personalization.Grains.Privacy;
using Personalization.Grains.Profiles;

namespace Personalization.Grains;

/// <content>What people may ask for: to take everything away, and to be forgotten; and what may be learned of them without a name.</content>
public sealed partial class ClusterPersonalizer
{
    private static readonly TimeSpan ErasurePatience = TimeSpan.FromSeconds(60);
    private const int ReadsAtOnce = 64;

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
        var status = await grains.GetGrain<IErasureGrain>(id).BeginAsync([.. await AllIdsOf(ids)]);
        return status.ToErasure(id);
    }

    /// <inheritdoc/>
    public async ValueTask<Erasure?> FindErasureAsync(string id, CancellationToken cancellation) =>
        Guid.TryParseExact(id, "N", out _) && await grains.GetGrain<IErasureGrain>(id).FindAsync() is { } status ? status.ToErasure(id) : null;

    /// <inheritdoc/>
    public async ValueTask<PersonExport?> ExportAsync(string id, CancellationToken cancellation)
    {
        var (made, recorded) = (new List<DecisionRecord>(), new List<TrainingSession>());
        foreach (var one in await AllIdsOf([id]))
        {
            made.AddRange(await decisions.FindOfAsync(one));
            recorded.AddRange(await training.FindOfAsync(one));
        }

        var export = new PersonExport(
            id,
            time.GetUtcNow(),
            await FindProfileAsync(id, cancellation),
            [.. made.OrderBy(decision => decision.Id.High)],
            [.. recorded.OrderBy(session => session.StartedAt)]);
        return export.IsEmpty ? null : export;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<TrainingSession> ReadTrainingAsync(CancellationToken cancellation) => training.ReadAsync(cancellation);

    /// <summary>Gives all ids of people: a device stands for the login it leads to, a login for its devices.</summary>
    private async Task<HashSet<string>> AllIdsOf(IReadOnlyList<string> ids)
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in ids.Chunk(ReadsAtOnce))
        {
            foreach (var one in await Task.WhenAll(some.Select(IdsOfAsync)))
            {
                all.UnionWith(one);
            }
        }

        return all;
    }

    private async Task<string[]> IdsOfAsync(string id)
    {
        try
        {
            var asked = await ReadAsync(id);
            var person = asked?.Owner is { } login ? await ReadAsync(login) : asked;
            return [id, .. asked?.Owner is { } owner ? new[] { owner } : [], .. person?.Devices.ToArray().Select(device => device.Id) ?? []];
        }
        catch (Exception exception) when (exception is UnreadableProfileException or InvalidDataException)
        {
            // What can't be read can be erased all the same; whose devices they are nobody can tell.
            return [id];
        }
    }
}
