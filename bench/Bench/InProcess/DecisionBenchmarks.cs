using BenchmarkDotNet.Attributes;
using Personalization.Bench.Workload;
using Personalization.Core.Decisions;
using Personalization.Node;

namespace Personalization.Bench.InProcess;

/// <summary>One decision, from the request to the answer and its place in the decision log.</summary>
[MemoryDiagnoser]
public class DecisionBenchmarks
{
    private const int People = 10_000;

    private readonly DecisionRequest[] _requests = [.. Enumerable.Range(0, People).Select(Store.RequestOf)];
    private NodePersonalizer? _personalizer;
    private int _person;

    [GlobalSetup]
    public void Open()
    {
        // Not async: in this process a setup is not waited for.
        _personalizer = Store.Open(Store.WithAsync(People).GetAwaiter().GetResult());
        for (var person = 0; person < People; person++)
        {
            _personalizer.FindProfileAsync(Workload.People.Id(person), default).AsTask().Wait();
        }
    }

    [GlobalCleanup]
    public void Close() => _personalizer!.Dispose();

    /// <summary>Ceiling: 20 µs, 2 KB (DESIGN §7).</summary>
    [Benchmark]
    public Decision Decide_3_placements_hot_profile_20us_2KB()
    {
        // A step that is prime to the number of people meets them all, in no order the processor could guess.
        _person = (_person + 7_919) % People;
        var deciding = _personalizer!.DecideAsync(_requests[_person], default);
        return deciding.IsCompletedSuccessfully ? deciding.Result : throw new InvalidOperationException("A hot profile is decided for at once.");
    }
}
