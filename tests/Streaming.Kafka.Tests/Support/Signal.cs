namespace Personalization.Streaming.Kafka.Tests.Support;

/// <summary>Things that happen, in their order, and tests that wait until enough did.</summary>
internal sealed class Signal<T>
{
    // Not what a test asserts: it only keeps a broken one from hanging.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Lock _lock = new();
    private readonly List<T> _all = [];
    private readonly List<(Func<List<T>, bool> Holds, TaskCompletionSource Done)> _waiting = [];

    public IReadOnlyList<T> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _all];
            }
        }
    }

    public void Add(T happened)
    {
        lock (_lock)
        {
            _all.Add(happened);
            foreach (var waiting in _waiting.Where(waiting => waiting.Holds(_all)).ToList())
            {
                _waiting.Remove(waiting);
                waiting.Done.SetResult();
            }
        }
    }

    public async Task<IReadOnlyList<T>> UntilAsync(Func<List<T>, bool> holds)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (holds(_all))
            {
                done.SetResult();
            }
            else
            {
                _waiting.Add((holds, done));
            }
        }

        await done.Task.WaitAsync(Patience);
        return All;
    }

    public async Task<T> FirstAsync(Func<T, bool> which)
    {
        await UntilAsync(all => all.Exists(happened => which(happened)));
        return All.First(which);
    }
}
