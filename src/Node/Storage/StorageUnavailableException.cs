namespace Personalization.Node.Storage;

/// <summary>A write did not reach the disk and left nothing behind; the same call works again once the cause is gone.</summary>
internal sealed class StorageUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
