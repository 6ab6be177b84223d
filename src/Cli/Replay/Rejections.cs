namespace Personalization.Cli.Replay;

/// <summary>Counts what was not taken, by code, and keeps the first few of each to show. Safe for any number of threads.</summary>
internal sealed class Rejections
{
    /// <summary>How many of each code are kept to show.</summary>
    public const int Shown = 3;

    private readonly SortedDictionary<string, Entry> _byCode = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Gets how many were rejected, of any code.</summary>
    public long Count { get; private set; }

    /// <summary>Adds one.</summary>
    /// <param name="line">Its line in the file, from 1.</param>
    /// <param name="code">Why, in snake case.</param>
    /// <param name="detail">Why, for a person.</param>
    public void Add(long line, string code, string? detail)
    {
        lock (_gate)
        {
            Count++;
            if (!_byCode.TryGetValue(code, out var entry))
            {
                _byCode.Add(code, entry = new Entry());
            }

            entry.Count++;
            if (entry.First.Count < Shown)
            {
                entry.First.Add($"line {line}: {detail ?? "no detail given"}");
            }
        }
    }

    /// <summary>Writes the summary; nothing where nothing was rejected.</summary>
    public void WriteTo(TextWriter writer)
    {
        lock (_gate)
        {
            foreach (var (code, entry) in _byCode)
            {
                writer.WriteLine(FormattableString.Invariant($"rejected {entry.Count:N0}: {code}"));
                foreach (var line in entry.First)
                {
                    writer.WriteLine($"  {line}");
                }
            }
        }
    }

    private sealed class Entry
    {
        public long Count { get; set; }

        public List<string> First { get; } = [];
    }
}
