namespace Personalization.Node.Storage;

/// <content>What is folded from events, together with the position up to which it is.</content>
internal sealed partial class Database
{
    private const string CheckpointName = "checkpoint";

    /// <summary>Gets the log position up to which profiles and learned rows hold every event; 0 before the first checkpoint.</summary>
    public long CheckpointPosition => Volatile.Read(ref _checkpoint);

    /// <summary>Reads the stored state of one profile; null where there is none.</summary>
    public byte[]? ReadProfile(string id)
    {
        using var reader = _readers.Take();
        var statement = reader.Prepare("SELECT state FROM profiles WHERE id=?1").Bind(1, id);
        return statement.Step() ? statement.Blob(0) : null;
    }

    /// <summary>Counts the stored profiles. Walks the index of ids.</summary>
    public long CountProfiles()
    {
        using var reader = _readers.Take();
        var statement = reader.Prepare("SELECT count(*) FROM profiles");
        statement.Step();
        return statement.Long(0);
    }

    /// <summary>Reads the ids of all stored profiles, in order, from the index alone.</summary>
    public IEnumerable<string> ProfileIds()
    {
        using var reader = _readers.Take();
        var statement = reader.Prepare("SELECT id FROM profiles ORDER BY id");
        while (statement.Step())
        {
            yield return statement.Text(0);
        }
    }

    /// <summary>Reads all learned rows, the rows of a model together.</summary>
    public IEnumerable<(string Model, string Key, byte[] State)> ReadLearned()
    {
        using var reader = _readers.Take();
        var statement = reader.Prepare("SELECT model, key, state FROM learned ORDER BY model, key");
        while (statement.Step())
        {
            yield return (statement.Text(0), statement.Text(1), statement.Blob(2));
        }
    }

    /// <summary>Stores changed rows and the position they are folded up to, in one transaction: all of it or nothing.</summary>
    /// <param name="position">Not before <see cref="CheckpointPosition"/>. With the same position only the rows change.</param>
    /// <param name="profiles">Ids and states; a null state deletes the row. Read once, and a state only until the next one is asked for.</param>
    /// <param name="learned">The same for learned rows.</param>
    /// <param name="sessions">Training sessions to put.</param>
    /// <param name="erased">Whom the log's marks up to the position erased. Their rows are deleted where they stand among the profiles.</param>
    /// <exception cref="StorageUnavailableException">Nothing was stored, for example because the disk is full.</exception>
    /// <remarks>Other writes wait until it is done; split what is large and safe to split, and give the position with the last part.</remarks>
    public void WriteCheckpoint(
        long position,
        IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>?>> profiles,
        IEnumerable<LearnedRow> learned,
        IEnumerable<SessionRow>? sessions = null,
        IEnumerable<ErasedRow>? erased = null)
    {
        lock (_writing)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(position, _checkpoint);
            InTransaction(() =>
            {
                WriteProfiles(profiles);
                WriteLearned(learned);
                WriteSessions(sessions ?? []);
                WriteErased(erased ?? []);
                WriteMeta(CheckpointName, position);
            });
            Volatile.Write(ref _checkpoint, position);
        }
    }

    private void WriteProfiles(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>?>> profiles)
    {
        var put = Prepare("INSERT INTO profiles(id, state) VALUES(?1, ?2) ON CONFLICT(id) DO UPDATE SET state=excluded.state");
        var delete = Prepare("DELETE FROM profiles WHERE id=?1");
        foreach (var (id, state) in profiles)
        {
            if (state is { } bytes)
            {
                put.Bind(1, id).Bind(2, bytes.Span).Run();
            }
            else
            {
                delete.Bind(1, id).Run();
            }
        }
    }

    private void WriteLearned(IEnumerable<LearnedRow> learned)
    {
        var put = Prepare(
            "INSERT INTO learned(model, key, state) VALUES(?1, ?2, ?3) ON CONFLICT(model, key) DO UPDATE SET state=excluded.state");
        var delete = Prepare("DELETE FROM learned WHERE model=?1 AND key=?2");
        foreach (var row in learned)
        {
            if (row.State is { } bytes)
            {
                put.Bind(1, row.Model).Bind(2, row.Key).Bind(3, bytes.Span).Run();
            }
            else
            {
                delete.Bind(1, row.Model).Bind(2, row.Key).Run();
            }
        }
    }
}

/// <summary>One row of what a model has learned; a null state deletes it.</summary>
internal readonly record struct LearnedRow(string Model, string Key, ReadOnlyMemory<byte>? State);
