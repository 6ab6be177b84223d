using Personalization.Core.Training;

namespace Personalization.Node.Storage;

/// <content>Sessions kept for training, under pseudonyms, and the secrets that those are made with.</content>
internal sealed partial class Database
{
    /// <summary>Reads the secrets, the newest last.</summary>
    public IReadOnlyList<TrainingSecret> ReadTrainingSecrets()
    {
        using var reader = _readers.Take();
        var rows = reader.Prepare("SELECT number, secret, created FROM training_secrets ORDER BY number");
        var secrets = new List<TrainingSecret>();
        while (rows.Step())
        {
            secrets.Add(new TrainingSecret((int)rows.Long(0), rows.Blob(1), rows.Long(2)));
        }

        return secrets;
    }

    /// <summary>Adds a secret, and destroys the older ones that nothing kept was made with.</summary>
    public void WriteTrainingSecret(TrainingSecret added)
    {
        lock (_writing)
        {
            InTransaction(() =>
            {
                Prepare("INSERT INTO training_secrets(number, secret, created) VALUES(?1, ?2, ?3)")
                    .Bind(1, added.Number).Bind(2, added.Secret).Bind(3, added.Created).Run();
                Prepare("""
                    DELETE FROM training_secrets WHERE number < ?1 - 1 AND number < (SELECT coalesce(min(secret), ?1) FROM training_sessions)
                    """).Bind(1, added.Number).Run();
            });
        }
    }

    /// <summary>Gets the highest number of a session; 0 where there is none.</summary>
    public long LastTrainingSession()
    {
        using var reader = _readers.Take();
        var row = reader.Prepare("SELECT coalesce(max(sequence), 0) FROM training_sessions");
        return row.Step() ? row.Long(0) : 0;
    }

    /// <summary>Reads sessions in order.</summary>
    /// <param name="after">The number to begin after.</param>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<SessionRow> ReadTrainingSessions(long after, int most)
    {
        using var reader = _readers.Take();
        return Sessions(reader
            .Prepare("SELECT sequence, secret, pseudonym, ended, body FROM training_sessions WHERE sequence > ?1 ORDER BY sequence LIMIT ?2")
            .Bind(1, after).Bind(2, most));
    }

    /// <summary>Reads the sessions of one pseudonym.</summary>
    public IReadOnlyList<SessionRow> ReadTrainingSessionsOf(ReadOnlySpan<byte> pseudonym)
    {
        using var reader = _readers.Take();
        return Sessions(reader
            .Prepare("SELECT sequence, secret, pseudonym, ended, body FROM training_sessions WHERE pseudonym=?1 ORDER BY sequence")
            .Bind(1, pseudonym));
    }

    /// <summary>Deletes the sessions of pseudonyms; says how many there were of each.</summary>
    public IReadOnlyList<int> DeleteTrainingSessions(IReadOnlyList<byte[]> pseudonyms)
    {
        var deleted = new int[pseudonyms.Count];
        lock (_writing)
        {
            InTransaction(() =>
            {
                for (var i = 0; i < deleted.Length; i++)
                {
                    Prepare("DELETE FROM training_sessions WHERE pseudonym=?1").Bind(1, pseudonyms[i]).Run();
                    deleted[i] = SQLitePCL.raw.sqlite3_changes(_writer.Handle);
                }
            });
        }

        return deleted;
    }

    /// <summary>Deletes the oldest sessions that ended before a time, at most some at once; says how many.</summary>
    public int DeleteTrainingSessions(long endedBefore, int most)
    {
        lock (_writing)
        {
            Prepare("""
                DELETE FROM training_sessions WHERE sequence IN
                    (SELECT sequence FROM (SELECT sequence, ended FROM training_sessions ORDER BY sequence LIMIT ?2) WHERE ended < ?1)
                """).Bind(1, endedBefore).Bind(2, most).Run();
            return SQLitePCL.raw.sqlite3_changes(_writer.Handle);
        }
    }

    private void WriteSessions(IEnumerable<SessionRow> sessions)
    {
        var put = Prepare("""
            INSERT INTO training_sessions(sequence, secret, pseudonym, ended, body) VALUES(?1, ?2, ?3, ?4, ?5)
            ON CONFLICT(sequence) DO UPDATE SET ended=excluded.ended, body=excluded.body
            """);
        var delete = Prepare("DELETE FROM training_sessions WHERE sequence=?1");
        foreach (var row in sessions)
        {
            if (row.Body is null)
            {
                delete.Bind(1, row.Sequence).Run();
                continue;
            }

            put.Bind(1, row.Sequence).Bind(2, row.Secret).Bind(3, row.Pseudonym).Bind(4, row.Ended).Bind(5, row.Body).Run();
        }
    }

    private static List<SessionRow> Sessions(Statement rows)
    {
        var sessions = new List<SessionRow>();
        while (rows.Step())
        {
            sessions.Add(new SessionRow(rows.Long(0), (int)rows.Long(1), rows.Blob(2), rows.Long(3), rows.Blob(4)));
        }

        return sessions;
    }
}

/// <summary>One session as it is stored.</summary>
/// <param name="Sequence">Its number, in the order in which sessions began.</param>
/// <param name="Secret">The number of the secret its pseudonym was made with.</param>
/// <param name="Pseudonym">Whose it is.</param>
/// <param name="Ended">The time of its last step, in milliseconds since the Unix epoch.</param>
/// <param name="Body">The session, as <see cref="OpenSession.Write"/> writes it; null deletes the row.</param>
internal readonly record struct SessionRow(long Sequence, int Secret, byte[] Pseudonym, long Ended, byte[]? Body);

/// <summary>A secret that pseudonyms are made with.</summary>
internal sealed record TrainingSecret(int Number, byte[] Secret, long Created);
