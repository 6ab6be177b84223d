using Spectre.Console;

namespace Personalization.Cli.Output;

/// <summary>A table in plain text, so that it can be pasted and read by programs.</summary>
internal static class PlainTable
{
    /// <summary>Writes one; the first column is aligned left, the others right.</summary>
    public static void Write(TextWriter writer, IReadOnlyList<string> headers, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Markdown).AddColumn(headers[0]);
        foreach (var header in headers.Skip(1))
        {
            table.AddColumn(new TableColumn(header).RightAligned());
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 140;
        console.Write(table);
    }
}
