namespace Personalization.Core.Statistics;

/// <summary>An experiment that is planned: what it takes and what it finds.</summary>
/// <param name="People">How many people in all.</param>
/// <param name="Effect">The smallest effect that is found with <paramref name="Power"/>, as a share of the baseline. Infinite where none is.</param>
/// <param name="Power">The probability to find it.</param>
/// <param name="Design">How it is tested.</param>
/// <param name="Looks">What happens at each look.</param>
public sealed record PlanAnswer(double People, double Effect, double Power, TestDesign Design, IReadOnlyList<PlannedLook> Looks);

/// <summary>One look at a planned experiment.</summary>
/// <param name="Share">The share of the people that are in.</param>
/// <param name="People">How many that is.</param>
/// <param name="Bound">The z to be reached to stop here; infinite where stopping here is not allowed.</param>
/// <param name="CalledIfReal">The probability to have stopped by now where the effect is real.</param>
/// <param name="CalledIfNone">The same where there is no effect.</param>
public readonly record struct PlannedLook(double Share, double People, double Bound, double CalledIfReal, double CalledIfNone);
