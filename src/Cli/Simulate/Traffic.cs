using System.Globalization;
using Personalization.Cli.Events;

namespace Personalization.Cli.Simulate;

/// <summary>Counts what a simulation made and what became of it. Safe for any number of threads.</summary>
internal sealed class Traffic
{
    private readonly SortedDictionary<string, long> _byType = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _decisions;

    /// <summary>Gets how many events were made.</summary>
    public long Events { get; private set; }

    public void Add(Event made)
    {
        lock (_gate)
        {
            Events++;
            _byType[made.Type] = _byType.GetValueOrDefault(made.Type) + 1;
        }
    }

    public void AddDecision() => Interlocked.Increment(ref _decisions);

    public void WriteTo(TextWriter writer)
    {
        lock (_gate)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"events {Events:N0}, decisions {_decisions:N0}"));
            writer.WriteLine(string.Join(
                ", ", _byType.Select(type => string.Create(CultureInfo.InvariantCulture, $"{type.Key} {type.Value:N0}"))));
        }
    }
}
