using Personalization.Cli.Files;

namespace Personalization.Cli.Tests.Files;

public sealed class CsvReaderTests
{
    [Fact]
    public void Quotes_hold_delimiters_line_ends_and_doubled_quotes() =>
        Assert.Equal([["a", "x,\"y\"\nz", "c"], ["1", "2", "3"]], Rows("a,\"x,\"\"y\"\"\nz\",c\n1,2,3\n"));

    [Fact]
    public void Any_line_end_ends_a_row_and_the_last_row_needs_none() =>
        Assert.Equal([["a", "b"], ["c", "d"], ["e", "f"]], Rows("a,b\r\nc,d\re,f"));

    [Fact]
    public void Empty_fields_are_fields_and_blank_lines_are_no_rows() =>
        Assert.Equal([["", "", ""], ["x", "", ""]], Rows("\n,,\n\n\nx,,\n\n"));

    [Fact]
    public void A_quote_inside_an_unquoted_field_is_an_ordinary_character() =>
        Assert.Equal([["6\" nail", "b"]], Rows("6\" nail,b"));

    [Fact]
    public void The_delimiter_can_be_any_character() => Assert.Equal([["a,b", "c"]], Rows("a,b;c", ';'));

    [Fact]
    public void A_row_knows_the_line_it_begins_on()
    {
        var csv = new CsvReader(new StringReader("h\n\n\"two\nlines\"\nlast\n"), ',');
        var lines = new List<long>();
        while (csv.Read() is not null)
        {
            lines.Add(csv.Line);
        }

        Assert.Equal([1, 3, 5], lines);
    }

    [Fact]
    public void A_quote_that_is_never_closed_is_an_error_that_names_its_line()
    {
        var error = Assert.Throws<UserError>(() => Rows("a,b\nc,\"d\n\n"));
        Assert.Equal("The quote opened on line 2 is never closed.", error.Message);
    }

    [Fact]
    public void Rows_longer_than_the_buffer_are_whole()
    {
        var wide = new string('w', 100_000);
        Assert.Equal([[wide, "x"], ["y", wide]], Rows($"{wide},x\ny,\"{wide}\"\n"));
    }

    private static List<List<string>> Rows(string text, char delimiter = ',')
    {
        var csv = new CsvReader(new StringReader(text), delimiter);
        var rows = new List<List<string>>();
        while (csv.Read() is { } row)
        {
            rows.Add([.. row]);
        }

        return rows;
    }
}
