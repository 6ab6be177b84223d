using Orleans.Storage;

namespace Personalization.Grains.Storage;

/// <summary>Stores <see cref="StoredBytes"/> as they are: no JSON around them, no serializer's format to migrate one day.</summary>
public sealed class StoredBytesSerializer : IGrainStorageSerializer
{
    /// <inheritdoc/>
    public BinaryData Serialize<T>(T input) => input is StoredBytes stored
        ? new BinaryData(stored.Bytes)
        : throw new NotSupportedException($"Grains keep their state as {nameof(StoredBytes)}, not as {typeof(T).Name}.");

    /// <inheritdoc/>
    public T Deserialize<T>(BinaryData input) => new StoredBytes { Bytes = input.ToArray() } is T stored
        ? stored
        : throw new NotSupportedException($"Grains keep their state as {nameof(StoredBytes)}, not as {typeof(T).Name}.");
}
