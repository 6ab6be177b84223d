using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Personalization.Core.Decisions;

namespace Personalization.Node.Decisions;

/// <summary>Makes decision ids from the operating system's randomness, fetched for many at once because each fetch costs as much as a decision.</summary>
internal static class DecisionIds
{
    [ThreadStatic]
    private static UInt128[]? random;

    [ThreadStatic]
    private static int left;

    public static DecisionId Next(long now)
    {
        random ??= new UInt128[64];
        if (left == 0)
        {
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(random.AsSpan()));
            left = random.Length;
        }

        return DecisionId.Create(now, random[--left]);
    }
}
