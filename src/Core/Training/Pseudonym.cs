using System.Security.Cryptography;
using System.Text;

namespace Personalization.Core.Training;

/// <summary>What stands for a person where nobody may be named: HMAC-SHA-256 of the id under a secret, the first 16 bytes.</summary>
/// <remarks>Without the secret nobody can find out whose it is, not even by trying all ids (RFC 2104; a bare hash could be tried).</remarks>
public static class Pseudonym
{
    /// <summary>How many bytes a pseudonym takes.</summary>
    public const int Length = 16;

    /// <summary>How many bytes a secret takes.</summary>
    public const int SecretLength = 32;

    /// <summary>How long one secret is used for what is new, in days.</summary>
    public const int SecretDays = 30;

    /// <summary>Makes the pseudonym of a person.</summary>
    public static byte[] Of(string person, ReadOnlySpan<byte> secret) =>
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(person))[..Length];
}
