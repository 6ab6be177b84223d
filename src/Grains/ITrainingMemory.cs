using Personalization.Core.Training;

namespace Personalization.Grains;

/// <summary>Where the cluster keeps sessions for training, under pseudonyms. A port: Redis stands behind it.</summary>
public interface ITrainingMemory
{
    /// <summary>Keeps sessions, or what is new of them.</summary>
    /// <param name="sessions">Whose, when it began, and the session as <see cref="OpenSession.Write"/> writes it.</param>
    Task WriteAsync(IReadOnlyList<(string Person, long StartedAt, byte[] Body)> sessions);

    /// <summary>Deletes a person's sessions; says how many there were.</summary>
    ValueTask<int> EraseAsync(string person);

    /// <summary>Reads a person's sessions, oldest first.</summary>
    ValueTask<IReadOnlyList<TrainingSession>> FindOfAsync(string person);

    /// <summary>Reads all sessions that are over, in no order.</summary>
    IAsyncEnumerable<TrainingSession> ReadAsync(CancellationToken cancellation);
}
