using System.Buffers;
using System.Text;

namespace Personalization.Core.Patches;

/// <summary>Writes the content of JSON strings, without the quotes, in UTF-8.</summary>
/// <remarks>
/// Besides what JSON demands, <c>&lt;</c> is escaped (so that the JSON may stand inside a script element), and so are the two
/// line separators that are not allowed in older JavaScript. Every other character is copied: markup stays readable and small.
/// </remarks>
internal static class JsonText
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        string.Concat(Enumerable.Range(0, 0x20).Select(code => (char)code)) + "\"\\<\u007F\u2028\u2029");

    public static byte[] Escape(string text)
    {
        var output = new ArrayBufferWriter<byte>(text.Length + 16);
        Escape(text, output);
        return output.WrittenSpan.ToArray();
    }

    public static void Escape(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        while (true)
        {
            // No escaped character is half of a surrogate pair, so cutting here never splits one.
            var next = text.IndexOfAny(Escaped);
            Encoding.UTF8.GetBytes(next < 0 ? text : text[..next], output);
            if (next < 0)
            {
                return;
            }

            WriteEscape(text[next], output);
            text = text[(next + 1)..];
        }
    }

    private static void WriteEscape(char character, IBufferWriter<byte> output)
    {
        output.Write(character switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\n' => "\\n"u8,
            '\r' => "\\r"u8,
            '\t' => "\\t"u8,
            _ => Encoding.ASCII.GetBytes($"\\u{(int)character:X4}"),
        });
    }
}
