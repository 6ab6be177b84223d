using System.Security.Cryptography;
using System.Text;

namespace Personalization.Core.Privacy;

/// <summary>The names by which the audit trail knows people.</summary>
/// <remarks>
/// HMAC-SHA-256 (RFC 2104) of the id under a key that is random for each person and kept apart from the trail. With the key destroyed the
/// entries stay as they are, and verifiable, and nobody can tell or guess whom they concern, however few ids there are to try.
/// </remarks>
public static class AuditSubject
{
    /// <summary>The bytes of a person's key.</summary>
    public const int SaltLength = 32;

    private const int PseudonymBytes = 16;

    /// <summary>Gives the pseudonym of a person: 32 lower-case hexadecimal digits.</summary>
    public static string Of(ReadOnlySpan<byte> salt, string person)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(person), hash);
        return Convert.ToHexStringLower(hash[..PseudonymBytes]);
    }
}
