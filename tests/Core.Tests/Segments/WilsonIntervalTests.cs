using Personalization.Core.Segments;

namespace Personalization.Core.Tests.Segments;

/// <summary>Against R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I, method 3.</summary>
public sealed class WilsonIntervalTests
{
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void It_is_the_published_interval(int successes, int n, double low, double high)
    {
        var interval = WilsonInterval.Of(successes, n);

        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    [Fact]
    public void Its_ends_stay_where_nothing_or_everything_succeeded()
    {
        Assert.Equal(0, WilsonInterval.Of(0, 7).Low);
        Assert.Equal(1, WilsonInterval.Of(7, 7).High);
        Assert.Equal((0, 1), WilsonInterval.Of(0, 0));
    }
}
