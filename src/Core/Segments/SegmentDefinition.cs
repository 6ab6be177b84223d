using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Privacy;

namespace Personalization.Core.Segments;

/// <summary>A segment as it was compiled.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Fingerprint">A hash of its condition and of all that refers to by name; another one means that everybody is to be asked again.</param>
/// <param name="Condition">Who is in it.</param>
/// <param name="Purposes">What its features are read for: who denied one of these is in no such segment.</param>
/// <param name="Reads">What may change the answer.</param>
public sealed record SegmentDefinition(
    string Id, ulong Fingerprint, Condition<DecisionContext> Condition, Purposes Purposes, SegmentReads Reads)
{
    /// <summary>Says whether a person is in it.</summary>
    public bool Includes(DecisionContext context) => (context.Denied & Purposes) == 0 && Condition.Matches(context);
}
