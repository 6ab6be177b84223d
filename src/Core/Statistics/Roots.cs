namespace Personalization.Core.Statistics;

/// <summary>Where a monotone function is zero.</summary>
internal static class Roots
{
    private const int MostHalvings = 200;

    /// <summary>Halves the interval until it is as small as numbers get. The function has unlike signs at its ends, else the nearer end is returned.</summary>
    public static double Bisect(Func<double, double> function, double low, double high)
    {
        var atLow = function(low);
        for (var i = 0; i < MostHalvings; i++)
        {
            var middle = (low + high) / 2;
            if (middle <= low || middle >= high)
            {
                break;
            }

            var value = function(middle);
            if ((value < 0) == (atLow < 0))
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return (low + high) / 2;
    }

    /// <summary>Doubles the upper end until the signs differ, then halves. Infinite where they never differ.</summary>
    public static double Above(Func<double, double> function, double low, double high)
    {
        var atLow = function(low) < 0;
        for (var i = 0; function(high) < 0 == atLow; i++)
        {
            if (i == 60)
            {
                return double.PositiveInfinity;
            }

            (low, high) = (high, high * 2);
        }

        return Bisect(function, low, high);
    }
}
