using Personalization.Core.Monitoring;

namespace Personalization.Core.Tests.Monitoring;

public sealed class CountTailTests
{
    // R 4.2: ppois(3, 10), ppois(24, 10, lower = FALSE), pnbinom(29, size = 5, mu = 10, lower = FALSE); and by hand 1 - e^-0.1, e^-7.
    [Theory]
    [InlineData(3, 10, 0, 0.01033605)]
    [InlineData(25, 10, 0, 4.694887e-05)]
    [InlineData(1, 0.1, 0, 0.09516258)]
    [InlineData(0, 7, 0, 0.000911882)]
    public void A_tail_is_that_of_the_textbook(long n, double mean, double dispersion, double tail) =>
        Assert.Equal(1, CountTail.Of(n, mean, dispersion) / tail, 1e-4);

    [Fact]
    public void The_two_tails_of_a_count_add_up_to_one_and_the_count_itself()
    {
        foreach (var dispersion in (double[])[0, 0.05, 0.5])
        {
            var below = CountTail.Of(9, 10, dispersion);
            var above = CountTail.Of(10, 10, dispersion);
            Assert.Equal(1, below + above, 1e-9);
        }
    }
}
