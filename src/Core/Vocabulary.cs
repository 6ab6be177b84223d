using System.Collections.Concurrent;

namespace Personalization.Core;

/// <summary>Numbers the item ids, categories, brands and variant names that a process has met, so that hot state holds 4 bytes instead of a string.</summary>
/// <remarks>
/// Append-only and safe for any number of threads. Numbers are dense, start at 0, and mean nothing outside this instance: whatever
/// leaves the process carries the strings.
/// </remarks>
public sealed class Vocabulary
{
    /// <summary>The default bound on the number of words.</summary>
    public const int DefaultCapacity = 8_000_000;

    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Lock _growing = new();
    private readonly int _capacity;
    private volatile string[] _words = new string[1024];
    private int _count;

    /// <summary>Makes an empty vocabulary that takes at most <paramref name="capacity"/> words.</summary>
    public Vocabulary(int capacity = DefaultCapacity) => _capacity = capacity;

    /// <summary>Gets how many words are numbered.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Gets a number's word.</summary>
    public string this[int number] => _words[number];

    /// <summary>Finds a word's number without adding it; -1 where it has none.</summary>
    public int Find(string word) => _numbers.TryGetValue(word, out var number) ? number : -1;

    /// <summary>Numbers a word, or finds its number; -1 where the vocabulary is full, so that invented ids can't exhaust the memory.</summary>
    public int Number(string word)
    {
        return _numbers.TryGetValue(word, out var number) ? number : Add(word);

        int Add(string added)
        {
            lock (_growing)
            {
                if (_numbers.TryGetValue(added, out var existing))
                {
                    return existing;
                }

                if (_count == _capacity)
                {
                    return -1;
                }

                if (_count == _words.Length)
                {
                    var larger = new string[_words.Length * 2];
                    _words.CopyTo(larger, 0);
                    _words = larger;
                }

                // The word is in place before its number can be found, so a reader never meets a null.
                _words[_count] = added;
                _numbers[added] = _count;
                return _count++;
            }
        }
    }
}
