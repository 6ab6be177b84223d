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

        return intake.Admits(source, Intake.NeedsChoices(source) ? ChoicesOf(source) : default);
    }

    private ConsentChoices ChoicesOf(Event source)
    {
        // Two ids are joined only if neither of them denied it.
        var choices = ChoicesOf(source.PersonId);
        return IdentityRules.DeviceOf(source) is { } device ? choices.Merge(ChoicesOf(device)) : choices;
    }

    private ConsentChoices ChoicesOf(string person)
    {
        ConsentChoices folded = default;
        try
        {
            for (var slot = _profiles.Find(person); slot is not null;)
            {
                string? owner;
                lock (slot)
                {
                    (folded, owner) = (slot.Profile.Consent, slot.Profile.Owner);
                }

                slot = owner is null ? null : _profiles.Find(owner);
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
