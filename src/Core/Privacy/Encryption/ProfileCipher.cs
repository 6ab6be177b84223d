using System.Security.Cryptography;
using System.Text;

namespace Personalization.Core.Privacy.Encryption;

/// <summary>Seals and opens profiles at rest: AES-256-GCM (NIST SP 800-38D), bound to the person's id, so that no blob passes for another's.</summary>
/// <remarks>
/// A sealed blob: <c>0xEC</c>, format 1, length of the key's id (1 byte), the id in UTF-8, nonce (12), tag (16), ciphertext. No profile begins
/// with 0xEC, so sealed and open ones can lie side by side. Nonces are random: one key seals at most 2^32 blobs (SP 800-38D, 8.3), then it
/// is time to rotate. Safe for many threads.
/// </remarks>
/// <param name="ring">The keys.</param>
/// <param name="random">Fills a nonce with random bytes.</param>
public sealed class ProfileCipher(KeyRing ring, Action<Span<byte>> random)
{
    private const byte Mark = 0xEC;
    private const byte Format = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>Gets the keys.</summary>
    public KeyRing Ring => ring;

    /// <summary>Gives the id of the key a blob is sealed with; null where it is not sealed.</summary>
    public static string? KeyOf(ReadOnlySpan<byte> blob) =>
        blob.Length > 3 && blob[0] == Mark && blob.Length >= 3 + blob[2] ? Encoding.UTF8.GetString(blob.Slice(3, blob[2])) : null;

    /// <summary>Seals a blob with the current key; gives it back as it is where there is none.</summary>
    public byte[] Seal(string person, byte[] blob)
    {
        if (ring.Current is not { } id || !ring.TryFind(id, out var key))
        {
            return blob;
        }

        var name = Encoding.UTF8.GetBytes(id);
        var header = 3 + name.Length;
        var sealedBlob = new byte[header + NonceLength + TagLength + blob.Length];
        (sealedBlob[0], sealedBlob[1], sealedBlob[2]) = (Mark, Format, (byte)name.Length);
        name.CopyTo(sealedBlob, 3);
        var nonce = sealedBlob.AsSpan(header, NonceLength);
        random(nonce);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(
            nonce, blob, sealedBlob.AsSpan(header + NonceLength + TagLength), sealedBlob.AsSpan(header + NonceLength, TagLength), Encoding.UTF8.GetBytes(person));
        return sealedBlob;
    }

    /// <summary>Opens a blob; gives it back as it is where it is not sealed.</summary>
    /// <exception cref="SealedException">The key is not in the ring, or is another one, or the blob is damaged or another person's.</exception>
    public byte[] Open(string person, byte[] blob)
    {
        if (KeyOf(blob) is not { } id)
        {
            return blob;
        }

        if (!ring.TryFind(id, out var key))
        {
            throw new SealedException($"It is encrypted with key \"{id}\", which is not in the key ring. Give the ring that holds it with --key-file.");
        }

        var header = 3 + blob[2];
        if (blob[1] != Format || blob.Length < header + NonceLength + TagLength)
        {
            throw new SealedException("Its encrypted form is damaged, or of a newer version of the program.");
        }

        var open = new byte[blob.Length - header - NonceLength - TagLength];
        try
        {
            using var aes = new AesGcm(key, TagLength);
            aes.Decrypt(
                blob.AsSpan(header, NonceLength),
                blob.AsSpan(header + NonceLength + TagLength),
                blob.AsSpan(header + NonceLength, TagLength),
                open,
                Encoding.UTF8.GetBytes(person));
            return open;
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw new SealedException(
                $"Key \"{id}\" of --key-file does not open it: the key is another one of the same name, or the data is damaged.", mismatch);
        }
    }
}

/// <summary>A blob can't be opened with the keys at hand. It must be left as it is.</summary>
public sealed class SealedException(string message, Exception? inner = null) : Exception(message, inner);
