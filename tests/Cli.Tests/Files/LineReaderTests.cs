using System.Text;
using Personalization.Cli.Files;

namespace Personalization.Cli.Tests.Files;

public sealed class LineReaderTests
{
    [Fact]
    public void Lines_come_without_their_ends_and_without_a_byte_order_mark() =>
        Assert.Equal(["a", "b", "", "c"], Lines("\uFEFFa\r\nb\n\nc"));

    [Fact]
    public void A_line_longer_than_the_buffer_is_whole()
    {
        var wide = new string('w', 300_000);
        Assert.Equal([wide, "x", wide], Lines($"{wide}\nx\n{wide}\n"));
    }

    private static List<string> Lines(string text)
    {
        var reader = new LineReader(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        var lines = new List<string>();
        while (reader.Read() is { } line)
        {
            lines.Add(Encoding.UTF8.GetString(line));
        }

        return lines;
    }
}
