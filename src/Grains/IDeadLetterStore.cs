using Personalization.Core.DeadLetters;

namespace Personalization.Grains;

/// <summary>Where the cluster keeps rejected events. A port: Redis stands behind it. Bounded: the oldest go first.</summary>
public interface IDeadLetterStore
{
    /// <summary>Keeps some.</summary>
    ValueTask KeepAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellation);

    /// <summary>Gives those that fit, the newest first, as many as the filter says.</summary>
    ValueTask<IReadOnlyList<DeadLetter>> FindAsync(DeadLetterFilter filter, CancellationToken cancellation);

    /// <summary>Removes all that fit, and gives how many.</summary>
    ValueTask<int> RemoveAsync(DeadLetterFilter filter, CancellationToken cancellation);
}
