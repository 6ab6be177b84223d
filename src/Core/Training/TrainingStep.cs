namespace Personalization.Core.Training;

/// <summary>One thing that happened with an item in a session.</summary>
/// <param name="Type">The event's type.</param>
/// <param name="Item">The item's id.</param>
/// <param name="Seconds">How many seconds after the session's first step.</param>
public readonly record struct TrainingStep(string Type, string Item, int Seconds);
