namespace Personalization.Cli.Simulate;

/// <summary>What is simulated.</summary>
internal sealed record Simulation
{
    /// <summary>Gets how many visitors there are.</summary>
    public int People { get; init; } = 500;

    /// <summary>Gets how many products the shop has.</summary>
    public int Items { get; init; } = 240;

    /// <summary>Gets what decides everything that is drawn.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Gets how many events are made; null is until the time is over or somebody interrupts.</summary>
    public long? Events { get; init; }

    /// <summary>Gets the most events a second that are sent.</summary>
    public double Rate { get; init; } = double.PositiveInfinity;

    /// <summary>Gets how long it goes on; null is until there are enough events.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Gets over how many past days the events are spread; null is now.</summary>
    public TimeSpan? History { get; init; }

    /// <summary>Gets the share of the home and product pages that ask what to show.</summary>
    public double DecideShare { get; init; } = 0.5;

    /// <summary>Gets how much there is under way at a time.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Makes a crowd of every nth visitor.</summary>
    /// <param name="shop">The shop they visit.</param>
    /// <param name="run">Makes the message ids of this run different from those of any other.</param>
    /// <param name="start">When the shop opens.</param>
    /// <param name="betweenVisits">How long a visitor stays away on average.</param>
    /// <param name="first">The first visitor of this crowd.</param>
    /// <param name="step">The n.</param>
    public Crowd Crowd(ShopCatalog shop, string run, DateTimeOffset start, TimeSpan betweenVisits, int first = 0, int step = 1) => new(
        Enumerable.Range(0, People)
            .Where(number => number % step == first)
            .Select(number => new Walk(shop, number, Seed, run, start, betweenVisits)));
}
