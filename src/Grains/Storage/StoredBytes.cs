namespace Personalization.Grains.Storage;

/// <summary>Grain state as Core's codecs wrote it; they carry their own versions.</summary>
public sealed class StoredBytes
{
    /// <summary>Gets or sets the bytes; empty before anything was stored.</summary>
    public byte[] Bytes { get; set; } = [];
}
