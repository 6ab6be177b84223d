namespace Personalization.Cli.Simulate;

/// <summary>Makes independent random streams of one seed, so that what one person does depends on nobody else.</summary>
internal static class Seeds
{
    /// <summary>Gives the stream of a number under a seed; mixed as SplitMix64 does (Steele, Lea, Flood 2014).</summary>
    public static Random Stream(int seed, int number)
    {
        var mixed = ((ulong)(uint)seed << 32 | (uint)number) + 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return new Random((int)((mixed ^ (mixed >> 31)) & int.MaxValue));
    }

    /// <summary>Draws from an exponential distribution with the given mean.</summary>
    public static double Exponential(this Random random, double mean) => -Math.Log(1 - random.NextDouble()) * mean;

    /// <summary>Draws true with the given probability.</summary>
    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;
}
