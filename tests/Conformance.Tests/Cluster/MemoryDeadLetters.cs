using Personalization.Core.DeadLetters;
using Personalization.Grains;

namespace Personalization.Conformance.Tests.Cluster;

/// <summary>Dead letters that every process of the test finds.</summary>
internal sealed class MemoryDeadLetters : IDeadLetterStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, byte[]> _letters = [];
    private long _last;

    public ValueTask KeepAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (var letter in letters)
            {
                _letters[++_last] = DeadLetterCodec.Write(letter);
            }

            return default;
        }
    }

    public ValueTask<IReadOnlyList<DeadLetter>> FindAsync(DeadLetterFilter filter, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new([.. Fitting(filter).Take(filter.Limit)]);
        }
    }

    public ValueTask<int> RemoveAsync(DeadLetterFilter filter, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(Fitting(filter).ToArray().Count(letter => _letters.Remove(letter.Id)));
        }
    }

    private IEnumerable<DeadLetter> Fitting(DeadLetterFilter filter) =>
        _letters.Reverse().Select(entry => DeadLetterCodec.Read(entry.Key, entry.Value)).Where(filter.Fits);
}
