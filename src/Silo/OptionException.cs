namespace Personalization.Silo;

/// <summary>An option that can't be: the message names it.</summary>
internal sealed class OptionException(string message) : Exception(message);
