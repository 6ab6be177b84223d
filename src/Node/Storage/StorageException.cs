namespace Personalization.Node.Storage;

/// <summary>The stored data cannot be opened or read as it is; a person has to do what the message says.</summary>
internal sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner);
