using System.Security.Cryptography;
using Personalization.Core.Privacy;

namespace Personalization.Grains.Audit;

/// <summary>Gives entries their place. It keeps nothing but the end of the chain; should there be two of it for a moment, the store lets one win.</summary>
internal sealed class AuditShardGrain(IAuditStore store) : Grain, IAuditShardGrain
{
    private const int MostAttempts = 5;

    private AuditHead? _head;

    private int Chain => (int)this.GetPrimaryKeyLong();

    public async ValueTask AppendAsync(AuditRecord record)
    {
        var draft = record.ToDraft();
        var (subject, source) = ((string?)null, draft.Kind);
        if (draft.Person is { } person)
        {
            // Under the person's key too, so that with it nobody can tell the devices either.
            var salt = await SaltAsync(person);
            subject = AuditSubject.Of(salt, person);
            source = AuditSubject.Of(salt, "source " + (record.Source ?? person));
        }

        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            // Positions under one id, and revisions, only grow; what is not beyond the last one is on record.
            if (draft.Position > 0 && await store.ReadPositionAsync(Chain, source, CancellationToken.None) >= draft.Position)
            {
                return;
            }

            var head = _head ?? await store.ReadHeadAsync(Chain, CancellationToken.None);
            _head = null;
            var entry = draft.Follow(head.Sequence + 1, subject, head.Hash);
            if (await store.TryAppendAsync(Chain, entry, source, draft.Position, CancellationToken.None))
            {
                _head = new AuditHead(entry.Sequence, entry.Hash);
                return;
            }
        }

        throw new InvalidOperationException("Somebody else keeps writing to this chain of the audit trail.");
    }

    private async ValueTask<byte[]> SaltAsync(string person) =>
        await store.FindSaltAsync(Chain, person, CancellationToken.None)
        ?? await store.KeepSaltAsync(Chain, person, RandomNumberGenerator.GetBytes(AuditSubject.SaltLength), CancellationToken.None);
}
