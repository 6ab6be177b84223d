using Personalization.Core.Decisions;

namespace Personalization.Grains;

/// <summary>Where the cluster remembers decisions. A port: Redis stands behind it.</summary>
public interface IDecisionMemory
{
    /// <summary>Remembers a decision, soon; never waits.</summary>
    void Add(Decision decision);

    /// <summary>Finds a decision, or null.</summary>
    ValueTask<DecisionRecord?> FindAsync(DecisionId id, CancellationToken cancellation);

    /// <summary>Finds the decisions of a person that are remembered, oldest first.</summary>
    ValueTask<IReadOnlyList<DecisionRecord>> FindOfAsync(string person);

    /// <summary>Forgets the decisions of a person; says how many there were.</summary>
    ValueTask<int> EraseAsync(string person);

    /// <summary>Gets how many could not be remembered.</summary>
    long Dropped { get; }
}
