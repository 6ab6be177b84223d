using Personalization.Core.Conditions;

namespace Personalization.Core.Events;

/// <summary>A property of an event that only the shop knows the meaning of. It is read at the door, and never stored.</summary>
/// <param name="Name">Its name, up to 64 characters.</param>
/// <param name="Value">A number, a text, true or false.</param>
public readonly record struct EventProperty(string Name, AttributeValue Value);
