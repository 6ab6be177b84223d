using System.Text;

namespace Personalization.Cli.Files;

/// <summary>Reads rows of delimited text one at a time: RFC 4180, with any one-character delimiter and any line end.</summary>
/// <remarks>Blank lines are no rows. A quote inside an unquoted field is an ordinary character, as spreadsheets take it.</remarks>
internal sealed class CsvReader(TextReader text, char delimiter)
{
    private readonly char[] _buffer = new char[32 * 1024];
    private readonly StringBuilder _field = new();
    private readonly List<string> _fields = [];
    private int _next;
    private int _filled;
    private long _line = 1;

    /// <summary>Gets the line on which the row last read begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Reads the next row.</summary>
    /// <returns>Its fields, in a list that the next call uses again; null at the end.</returns>
    /// <exception cref="UserError">A quoted field never ends.</exception>
    public List<string>? Read()
    {
        while (Peek() is '\r' or '\n')
        {
            EndLine();
        }

        if (Peek() < 0)
        {
            return null;
        }

        _fields.Clear();
        Line = _line;
        while (ReadField())
        {
        }

        return _fields;
    }

    // Says whether another field of the same row follows.
    private bool ReadField()
    {
        _field.Clear();
        if (Peek() == '"')
        {
            _next++;
            ReadQuoted();
        }

        while (Peek() is var c && c >= 0 && c != delimiter && c is not ('\r' or '\n'))
        {
            _field.Append((char)c);
            _next++;
        }

        _fields.Add(_field.ToString());
        if (Peek() == delimiter)
        {
            _next++;
            return true;
        }

        EndLine();
        return false;
    }

    private void ReadQuoted()
    {
        var opened = _line;
        while (true)
        {
            var c = Peek();
            if (c < 0)
            {
                throw new UserError($"The quote opened on line {opened} is never closed.");
            }

            _next++;
            if (c == '"')
            {
                if (Peek() != '"')
                {
                    return;
                }

                _next++;
            }

            if (c == '\n')
            {
                _line++;
            }

            _field.Append((char)c);
        }
    }

    private void EndLine()
    {
        var c = Peek();
        if (c >= 0)
        {
            _next++;
            _line++;
        }

        if (c == '\r' && Peek() == '\n')
        {
            _next++;
        }
    }

    private int Peek()
    {
        if (_next == _filled)
        {
            _filled = text.Read(_buffer, 0, _buffer.Length);
            _next = 0;
            if (_filled <= 0)
            {
                _filled = 0;
                return -1;
            }
        }

        return _buffer[_next];
    }
}
