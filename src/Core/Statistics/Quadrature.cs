using MathNet.Numerics.Integration;

namespace Personalization.Core.Statistics;

/// <summary>Numerical integration of smooth functions over finite intervals.</summary>
internal static class Quadrature
{
    private const int Order = 64;

    private static readonly GaussLegendreRule Unit = new(-1, 1, Order);

    /// <summary>Integrates by Gauss and Legendre's rule over equal pieces.</summary>
    public static double Integrate(Func<double, double> function, double low, double high, int pieces = 8)
    {
        var half = (high - low) / pieces / 2;
        var sum = 0.0;
        for (var piece = 0; piece < pieces; piece++)
        {
            var middle = low + (((2 * piece) + 1) * half);
            for (var i = 0; i < Order; i++)
            {
                sum += Unit.Weights[i] * function(middle + (half * Unit.Abscissas[i]));
            }
        }

        return sum * half;
    }
}
