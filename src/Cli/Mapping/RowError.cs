namespace Personalization.Cli.Mapping;

/// <summary>A row that can't become an event or item. The row is reported and the next one is read.</summary>
internal sealed class RowError(string message) : Exception(message);
