namespace Personalization.Node.Storage;

/// <content>Named numbers that tell how far a log outside of the folder is folded.</content>
internal sealed partial class Database
{
    /// <summary>Reads the numbers whose names begin with a text.</summary>
    public IReadOnlyDictionary<string, long> ReadMarks(string prefix)
    {
        var marks = new Dictionary<string, long>(StringComparer.Ordinal);
        using var reader = _readers.Take();
        var statement = reader.Prepare("SELECT name, value FROM meta WHERE substr(name, 1, ?1)=?2").Bind(1, prefix.Length).Bind(2, prefix);
        while (statement.Step())
        {
            marks.Add(statement.Text(0), statement.Long(1));
        }

        return marks;
    }

    /// <summary>Stores one number at once; the others go with <see cref="WriteCheckpoint"/>.</summary>
    /// <exception cref="StorageUnavailableException">It was not stored.</exception>
    public void WriteMark(string name, long value)
    {
        lock (_writing)
        {
            InTransaction(() => WriteMeta(name, value));
        }
    }
}
