namespace Personalization.Cli.Evaluate;

/// <summary>Sums up at which ranks the wanted items were found. Safe for any number of threads.</summary>
internal sealed class RankTally
{
    /// <summary>The lowest rank that still counts.</summary>
    public const int Cutoff = 20;

    // By rank from 1; how often an item was not found is at 0.
    private readonly long[] _found = new long[Cutoff + 1];

    /// <summary>Gets how many predictions were tallied.</summary>
    public long Predictions => _found.Sum();

    /// <summary>Finds the rank of an item in a ranking: from 1, or 0 where it is not among the first <see cref="Cutoff"/>.</summary>
    public static int RankOf(string item, IEnumerable<string> ranking)
    {
        var rank = 0;
        foreach (var candidate in ranking.Take(Cutoff))
        {
            rank++;
            if (candidate == item)
            {
                return rank;
            }
        }

        return 0;
    }

    public void Add(int rank) => Interlocked.Increment(ref _found[rank]);

    /// <summary>Gets the hit rate: the share of predictions whose item was among the first <paramref name="k"/>.</summary>
    public double HitRate(int k) => Share(_found.Skip(1).Take(k).Sum());

    /// <summary>Gets the mean reciprocal rank at the cutoff; an item that was not found counts as 0.</summary>
    public double MeanReciprocalRank() => Share(_found.Select((count, rank) => rank == 0 ? 0 : (double)count / rank).Sum());

    private double Share(double sum) => Predictions == 0 ? 0 : sum / Predictions;
}
