using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
using Personalization.Node.Storage;

namespace Personalization.Node;

/// <content>What people chose, and the trail of it.</content>
public sealed partial class NodePersonalizer
{
    private static readonly TimeSpan RetryStorage = TimeSpan.FromSeconds(5);

    private readonly StatedChoices _stated = new();

    /// <inheritdoc/>
    public ValueTask<AuditPage> ReadAuditAsync(int chain, long after, int limit, CancellationToken cancellation) => FromTrailAsync(
        () => chain == 0
            ? new AuditPage(1, _database.ReadAuditHead(), _database.ReadAudit(after, limit))
            : new AuditPage(1, AuditHead.Empty, []),
        cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AuditEntry>> ReadHistoryAsync(string id, CancellationToken cancellation) =>
        FromTrailAsync(() => _database.ReadAuditOf(id), cancellation);

    /// <summary>Says whether an event may be taken in. Where it can't be known it is not: a denial may be stored.</summary>
    private bool Admits(Intake intake, Event source)
    {
        if (source.Type == EventTypes.Consent)
        {
            _stated.Add(source);
            return true;
        }

        return intake.Admits(source, Intake.NeedsChoices(source) ? ChoicesOf(source.PersonId) : default);
    }

    private ConsentChoices ChoicesOf(string person)
    {
        ConsentChoices folded = default;
        try
        {
            if (_profiles.Find(person) is { } slot)
            {
                lock (slot)
                {
                    folded = slot.Profile.Consent;
                }
            }
        }
        catch (StorageUnavailableException exception)
        {
            throw new UnavailableException($"What the person allows can't be read: {exception.Message}", RetryStorage, exception);
        }

        return _stated.Over(person, folded);
    }

    /// <summary>Waits until choices are folded, from where on the profiles know them.</summary>
    private async ValueTask<IngestReceipt> SettleAsync(Task<IngestReceipt> done, List<Event> kept)
    {
        try
        {
            return await done;
        }
        finally
        {
            Release(kept);
        }
    }

    private void Release(List<Event> kept)
    {
        foreach (var source in kept)
        {
            if (source.Type == EventTypes.Consent)
            {
                _stated.Remove(source);
            }
        }
    }

    // Reading begins with writing what waits, which is nothing for a request's thread to do.
    private async ValueTask<T> FromTrailAsync<T>(Func<T> read, CancellationToken cancellation)
    {
        try
        {
            return await Task.Run(
                () =>
                {
                    _audit.Flush();
                    return read();
                },
                cancellation);
        }
        catch (StorageUnavailableException exception)
        {
            throw new UnavailableException(exception.Message, RetryStorage, exception);
        }
    }
}
