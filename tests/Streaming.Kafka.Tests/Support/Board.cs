using System.Globalization;
using Personalization.Kafka.Durability;

namespace Personalization.Streaming.Kafka.Tests.Support;

/// <summary>What lane grains share with the test that hosts them: their store, their faults, and what they took.</summary>
internal sealed class Board
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Offset, List<int> Numbers)> _people = [];
    private volatile TaskCompletionSource _gate = Opened();

    /// <summary>Gets every delivery: the lane, and the offsets.</summary>
    public Signal<(string Lane, long[] Offsets)> Deliveries { get; } = new();

    /// <summary>Gets how many events are stored, each time it changed.</summary>
    public Signal<int> Stored { get; } = new();

    public InMemoryDurableOffsets Offsets { get; } = new();

    /// <summary>Gets or sets whether grains attach an observer.</summary>
    public bool Attach { get; set; } = true;

    /// <summary>Gets or sets how many deliveries a grain holds in memory before it stores them; 1 stores at once.</summary>
    public int StoreEvery { get; set; } = 1;

    /// <summary>Gets or sets whether a grain stores what it holds by a timer too.</summary>
    public bool StoreInTime { get; set; } = true;

    /// <summary>Gets or sets what happens to a delivery; it may throw.</summary>
    public Action<string, long[]> Meet { get; set; } = (_, _) => { };

    public Task Gate => _gate.Task;

    public void Close() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _gate.TrySetResult();

    /// <summary>Stores an event as a profile would: what is at or before the person's last offset was stored already.</summary>
    public void Store(string person, string number, long offset)
    {
        int stored;
        lock (_lock)
        {
            if (!_people.TryGetValue(person, out var known))
            {
                known = (-1, []);
            }

            if (offset <= known.Offset)
            {
                return;
            }

            known.Numbers.Add(int.Parse(number, CultureInfo.InvariantCulture));
            _people[person] = (offset, known.Numbers);
            stored = _people.Values.Sum(kept => kept.Numbers.Count);
        }

        Stored.Add(stored);
    }

    /// <summary>Gets the numbers that were stored for each person, in the order of storing.</summary>
    public Dictionary<string, List<int>> People()
    {
        lock (_lock)
        {
            return _people.ToDictionary(person => person.Key, person => person.Value.Numbers.ToList());
        }
    }

    public Task StoredAsync(int events) => Stored.UntilAsync(all => all.Count > 0 && all[^1] >= events);

    /// <summary>Fails unless every person has the numbers 0, 1, 2, … in order: no event lost, none out of order, none twice.</summary>
    public void AssertComplete(int events)
    {
        var people = People();
        Assert.Equal(events, people.Values.Sum(numbers => numbers.Count));
        Assert.All(people.Values, numbers => Assert.Equal(Enumerable.Range(0, numbers.Count), numbers));
    }

    private static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}
