using Personalization.Core.Privacy;
using Personalization.Node.Storage;

namespace Personalization.Node.Privacy;

/// <summary>Puts on record what folding found, behind the stream and exactly once.</summary>
/// <remarks>
/// What it has not written, the log still holds: a checkpoint, which lets go of the log, is written only after <see cref="Flush"/>. Folding the
/// log again after a crash notes the same again, and the log positions tell what is on record already.
/// </remarks>
internal sealed class AuditTrail(Database database)
{
    private readonly Lock _gate = new();
    private readonly Lock _flushing = new();
    private List<AuditDraft> _waiting = [];

    /// <summary>Notes what is to be put on record. The thread that folds calls it, in the order of the log.</summary>
    public void Note(AuditDraft draft)
    {
        lock (_gate)
        {
            _waiting.Add(draft);
        }
    }

    /// <summary>Writes everything noted so far.</summary>
    /// <exception cref="StorageUnavailableException">It could not be written, and will be by the next call.</exception>
    public void Flush()
    {
        lock (_flushing)
        {
            List<AuditDraft> drafts;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    return;
                }

                (drafts, _waiting) = (_waiting, []);
            }

            try
            {
                database.AppendAudit(drafts);
            }
            catch
            {
                lock (_gate)
                {
                    _waiting.InsertRange(0, drafts);
                }

                throw;
            }
        }
    }
}
