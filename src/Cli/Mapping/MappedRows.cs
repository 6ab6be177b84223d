using Personalization.Cli.Files;

namespace Personalization.Cli.Mapping;

/// <summary>Reads a file of delimited text row by row, tied to its mapping.</summary>
internal static class MappedRows
{
    /// <summary>Reads all rows.</summary>
    /// <param name="file">The file.</param>
    /// <param name="mapping">Its mapping.</param>
    /// <param name="use">Makes something of a prepared row and its line.</param>
    /// <param name="onError">Takes the line of a row that can't be mapped, and why.</param>
    public static IEnumerable<T> Read<T>(
        InputFile file, MappingFile mapping, Func<RowMapper, IReadOnlyList<string>, long, T> use, Action<long, string> onError)
    {
        using var text = new StreamReader(file.Content, mapping.Encoding, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var csv = new CsvReader(text, mapping.Delimiter);
        var columns = mapping.Columns ?? csv.Read()?.ToList() ?? throw new UserError("The file is empty: not even column names.");
        var mapper = mapping.Bind(columns);
        while (csv.Read() is { } row)
        {
            file.NotePosition();
            if (Try(mapper, row, csv.Line, use, onError, out var made))
            {
                yield return made;
            }
        }
    }

    private static bool Try<T>(
        RowMapper mapper,
        List<string> row,
        long line,
        Func<RowMapper, IReadOnlyList<string>, long, T> use,
        Action<long, string> onError,
        out T made)
    {
        try
        {
            mapper.Prepare(row);
            made = use(mapper, row, line);
            return true;
        }
        catch (RowError error)
        {
            onError(line, error.Message);
            made = default!;
            return false;
        }
    }
}
