using System.Security.Cryptography;
using Personalization.Core.Privacy;

namespace Personalization.Node.Storage;

/// <content>The audit trail, and the keys by which it names people.</content>
internal sealed partial class Database
{
    private const string AuditPositionName = "audit_position";

    private const string AuditColumns = "SELECT sequence, time, kind, actor, subject, details, previous, hash FROM audit";

    /// <summary>Gets the log position through which everything that belongs into the trail is in it.</summary>
    public long AuditPosition => Volatile.Read(ref _auditPosition);

    /// <summary>Puts drafts on record in order and in one transaction: all of them or none.</summary>
    /// <param name="drafts">What happened. Those from the log that are on record are passed over.</param>
    /// <exception cref="StorageUnavailableException">Nothing was written, for example because the disk is full.</exception>
    public void AppendAudit(IReadOnlyList<AuditDraft> drafts)
    {
        lock (_writing)
        {
            var position = _auditPosition;
            InTransaction(() =>
            {
                foreach (var draft in drafts)
                {
                    if (draft.Position == 0 || draft.Position > position)
                    {
                        Append(draft);
                        position = Math.Max(position, draft.Position);
                    }
                }

                WriteMeta(AuditPositionName, position);
            });
            Volatile.Write(ref _auditPosition, position);
        }
    }

    /// <summary>Reads entries in order.</summary>
    public IReadOnlyList<AuditEntry> ReadAudit(long after, int limit)
    {
        using var reader = _readers.Take();
        return Entries(reader.Prepare($"{AuditColumns} WHERE sequence > ?1 ORDER BY sequence LIMIT ?2").Bind(1, after).Bind(2, limit));
    }

    /// <summary>Reads the entries that concern a person, in order; none of a person the trail has no key of.</summary>
    public IReadOnlyList<AuditEntry> ReadAuditOf(string person)
    {
        using var reader = _readers.Take();
        var salts = reader.Prepare("SELECT salt FROM subjects WHERE id=?1").Bind(1, person);
        if (!salts.Step())
        {
            return [];
        }

        var subject = AuditSubject.Of(salts.Blob(0), person);
        return Entries(reader.Prepare($"{AuditColumns} WHERE subject=?1 ORDER BY sequence").Bind(1, subject));
    }

    /// <summary>Reads the end of the chain as it was noted beside the entries, so that the last ones are missed too.</summary>
    public AuditHead ReadAuditHead()
    {
        using var reader = _readers.Take();
        var statement = reader.Prepare("SELECT value FROM meta WHERE name='audit_head'");
        return statement.Step() && statement.Blob(0) is { Length: sizeof(long) + AuditChain.HashLength } head
            ? new AuditHead(BitConverter.ToInt64(head), head.AsMemory(sizeof(long)))
            : AuditHead.Empty;
    }

    /// <summary>Destroys the key of a person: no entry can be told to be theirs any more. Runs within a transaction.</summary>
    private void ForgetSubject(string person) => Prepare("DELETE FROM subjects WHERE id=?1").Bind(1, person).Run();

    /// <summary>Puts one draft on record. Runs within a transaction.</summary>
    private void Append(AuditDraft draft)
    {
        var head = AuditHead.Empty;
        var last = Prepare("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1");
        if (last.Step())
        {
            head = new AuditHead(last.Long(0), last.Blob(1));
        }

        last.Reset();
        var entry = draft.Follow(head.Sequence + 1, draft.Person is { } person ? AuditSubject.Of(SaltOf(person), person) : null, head.Hash);
        var insert = Prepare(entry.Subject is null
            ? "INSERT INTO audit(sequence, time, kind, actor, details, previous, hash) VALUES(?1, ?2, ?3, ?4, ?6, ?7, ?8)"
            : "INSERT INTO audit(sequence, time, kind, actor, subject, details, previous, hash) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        insert.Bind(1, entry.Sequence).Bind(2, entry.Time).Bind(3, entry.Kind).Bind(4, entry.Actor);
        if (entry.Subject is not null)
        {
            insert.Bind(5, entry.Subject);
        }

        insert.Bind(6, entry.Details).Bind(7, entry.Previous.Span).Bind(8, entry.Hash.Span).Run();

        byte[] noted = [.. BitConverter.GetBytes(entry.Sequence), .. entry.Hash.Span];
        Prepare("INSERT INTO meta(name, value) VALUES('audit_head', ?1) ON CONFLICT(name) DO UPDATE SET value=excluded.value").Bind(1, noted).Run();
    }

    private byte[] SaltOf(string person)
    {
        var known = Prepare("SELECT salt FROM subjects WHERE id=?1").Bind(1, person);
        var salt = known.Step() ? known.Blob(0) : null;
        known.Reset();
        if (salt is null)
        {
            salt = RandomNumberGenerator.GetBytes(AuditSubject.SaltLength);
            Prepare("INSERT INTO subjects(id, salt) VALUES(?1, ?2)").Bind(1, person).Bind(2, salt).Run();
        }

        return salt;
    }

    private static List<AuditEntry> Entries(Statement statement)
    {
        var entries = new List<AuditEntry>();
        while (statement.Step())
        {
            entries.Add(new AuditEntry(
                statement.Long(0),
                statement.Long(1),
                statement.Text(2),
                statement.Text(3),
                statement.IsNull(4) ? null : statement.Text(4),
                statement.Text(5),
                statement.Blob(6),
                statement.Blob(7)));
        }

        return entries;
    }
}
