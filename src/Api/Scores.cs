namespace Personalization.Api;

/// <summary>How scores are shown: what comes after six digits is noise to whoever compares them, and a good part of an answer's bytes.</summary>
internal static class Scores
{
    private const int Digits = 6;

    public static double Shown(double score) => Math.Round(score, Digits);
}
