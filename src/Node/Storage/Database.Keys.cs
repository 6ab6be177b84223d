namespace Personalization.Node.Storage;

/// <content>Which keys profiles are sealed with, and what walks over all profiles needs.</content>
internal sealed partial class Database
{
    /// <summary>Reads the ids of the keys that profiles may be sealed with, each with something it sealed.</summary>
    public IReadOnlyList<(string Id, byte[] Proof)> ReadProfileKeys()
    {
        using var reader = _readers.Take();
        var rows = reader.Prepare("SELECT id, proof FROM profile_keys ORDER BY id");
        var keys = new List<(string, byte[])>();
        while (rows.Step())
        {
            keys.Add((rows.Text(0), rows.Blob(1)));
        }

        return keys;
    }

    /// <summary>Notes a key before anything is sealed with it.</summary>
    public void NoteProfileKey(string id, byte[] proof)
    {
        lock (_writing)
        {
            Prepare("INSERT INTO profile_keys(id, proof) VALUES(?1, ?2) ON CONFLICT(id) DO NOTHING").Bind(1, id).Bind(2, proof).Run();
        }
    }

    /// <summary>Forgets every key but one, after nothing is sealed with the others any more.</summary>
    /// <param name="current">The one to keep; null for none.</param>
    public void ForgetProfileKeys(string? current)
    {
        lock (_writing)
        {
            Prepare("DELETE FROM profile_keys WHERE id <> ?1").Bind(1, current ?? "").Run();
        }
    }

    /// <summary>Reads stored profiles in the order of their ids.</summary>
    /// <param name="after">The id to begin after.</param>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<(string Id, byte[] State)> ReadProfiles(string after, int most)
    {
        using var reader = _readers.Take();
        var rows = reader.Prepare("SELECT id, state FROM profiles WHERE id > ?1 ORDER BY id LIMIT ?2").Bind(1, after).Bind(2, most);
        var profiles = new List<(string, byte[])>();
        while (rows.Step())
        {
            profiles.Add((rows.Text(0), rows.Blob(1)));
        }

        return profiles;
    }

    /// <summary>Replaces states that nobody else has changed meanwhile.</summary>
    public void ReplaceProfiles(IReadOnlyList<(string Id, byte[] Old, byte[] New)> states)
    {
        lock (_writing)
        {
            InTransaction(() =>
            {
                var replace = Prepare("UPDATE profiles SET state=?3 WHERE id=?1 AND state=?2");
                foreach (var (id, old, next) in states)
                {
                    replace.Bind(1, id).Bind(2, old).Bind(3, next).Run();
                }
            });
        }
    }
}
