using System.Collections.Concurrent;
using Personalization.Core.Training;
using Personalization.Grains;

namespace Personalization.Conformance.Tests.Cluster;

/// <summary>Training sessions that every process of the test finds.</summary>
internal sealed class MemoryTraining : ITrainingMemory
{
    private static readonly byte[] Secret = new byte[Pseudonym.SecretLength];

    private readonly ConcurrentDictionary<(string Person, long StartedAt), byte[]> _sessions = new();

    public Task WriteAsync(IReadOnlyList<(string Person, long StartedAt, byte[] Body)> sessions)
    {
        foreach (var (person, startedAt, body) in sessions)
        {
            _sessions[(person, startedAt)] = body;
        }

        return Task.CompletedTask;
    }

    public ValueTask<int> EraseAsync(string person) => new(_sessions.Keys.Where(key => key.Person == person).Count(key => _sessions.TryRemove(key, out _)));

    public ValueTask<IReadOnlyList<TrainingSession>> FindOfAsync(string person) => new(
        [.. _sessions.Where(entry => entry.Key.Person == person).Select(entry => OpenSession.Read(Pseudonym.Of(person, Secret), entry.Value))]);

    public IAsyncEnumerable<TrainingSession> ReadAsync(CancellationToken cancellation) =>
        _sessions.Select(entry => OpenSession.Read(Pseudonym.Of(entry.Key.Person, Secret), entry.Value)).ToAsyncEnumerable();
}
