using Personalization.Core.Privacy;

namespace Personalization.Node.Storage;

/// <content>Configuration documents and catalog items.</content>
internal sealed partial class Database
{
    /// <summary>The kind of document that is kept in a table of its own, because a catalog has many.</summary>
    public const string ItemKind = "items";

    private const string RevisionName = "revision";

    /// <summary>Gets the highest revision ever used; a delete does not take it back.</summary>
    public long HighestRevision => Volatile.Read(ref _revision);

    /// <summary>Reads all documents except items, by kind and id.</summary>
    public IReadOnlyList<StoredDocument> ReadConfiguration()
    {
        using var reader = _readers.Take();
        var statement = reader.Prepare("SELECT kind, id, body, revision FROM configuration ORDER BY kind, id");
        var documents = new List<StoredDocument>();
        while (statement.Step())
        {
            documents.Add(new StoredDocument(statement.Text(0), statement.Text(1), statement.Text(2), statement.Long(3)));
        }

        return documents;
    }

    /// <summary>Reads all items as they are stored, one after the other.</summary>
    public IEnumerable<StoredDocument> ReadItems()
    {
        using var reader = _readers.Take();
        var statement = reader.Prepare("SELECT id, body, revision FROM items");
        while (statement.Step())
        {
            yield return new StoredDocument(ItemKind, statement.Text(0), statement.Text(1), statement.Long(2));
        }
    }

    /// <summary>Reads one item; null where there is none.</summary>
    public StoredDocument? ReadItem(string id)
    {
        using var reader = _readers.Take();
        var statement = reader.Prepare("SELECT body, revision FROM items WHERE id=?1").Bind(1, id);
        return statement.Step() ? new StoredDocument(ItemKind, id, statement.Text(0), statement.Long(1)) : null;
    }

    /// <summary>Applies changes in order and in one transaction: all of them or none.</summary>
    /// <param name="changes">Documents to put or delete; <see cref="ItemKind"/> goes to the items.</param>
    /// <param name="revision">What the documents are stamped with; above <see cref="HighestRevision"/>.</param>
    /// <param name="draft">What the audit trail says of it, in the same transaction.</param>
    /// <exception cref="StorageUnavailableException">Nothing was changed, for example because the disk is full.</exception>
    public void WriteConfiguration(IReadOnlyList<StoredChange> changes, long revision, AuditDraft? draft = null)
    {
        lock (_writing)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(revision, _revision);
            InTransaction(() =>
            {
                foreach (var change in changes)
                {
                    Apply(change, revision);
                }

                WriteMeta(RevisionName, revision);
                if (draft is not null)
                {
                    Append(draft);
                }
            });
            Volatile.Write(ref _revision, revision);
        }
    }

    private void Apply(StoredChange change, long revision)
    {
        switch (change)
        {
            case { Kind: ItemKind, Body: { } body }:
                Prepare("""
                    INSERT INTO items(id, body, revision) VALUES(?1, ?2, ?3)
                    ON CONFLICT(id) DO UPDATE SET body=excluded.body, revision=excluded.revision
                    """).Bind(1, change.Id).Bind(2, body).Bind(3, revision).Run();
                break;
            case { Kind: ItemKind }:
                Prepare("DELETE FROM items WHERE id=?1").Bind(1, change.Id).Run();
                break;
            case { Body: { } body }:
                Prepare("""
                    INSERT INTO configuration(kind, id, body, revision) VALUES(?1, ?2, ?3, ?4)
                    ON CONFLICT(kind, id) DO UPDATE SET body=excluded.body, revision=excluded.revision
                    """).Bind(1, change.Kind).Bind(2, change.Id).Bind(3, body).Bind(4, revision).Run();
                break;
            default:
                Prepare("DELETE FROM configuration WHERE kind=?1 AND id=?2").Bind(1, change.Kind).Bind(2, change.Id).Run();
                break;
        }
    }
}

/// <summary>A document as it is stored.</summary>
internal sealed record StoredDocument(string Kind, string Id, string Body, long Revision);

/// <summary>A document to put, or to delete where the body is null.</summary>
internal sealed record StoredChange(string Kind, string Id, string? Body);
