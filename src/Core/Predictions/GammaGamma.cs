using static MathNet.Numerics.SpecialFunctions;

namespace Personalization.Core.Predictions;

/// <summary>The Gamma-Gamma model: what a customer's orders are worth, drawn towards everybody's where few of them are known.</summary>
/// <remarks>
/// P. S. Fader, B. G. S. Hardie, The Gamma-Gamma Model of Monetary Value, note 025, 2013. The values of a customer's orders are
/// Gamma(p, ν), and ν is Gamma(q, γ) over customers. It takes spend to be independent of how often somebody buys. q must exceed 1 for
/// a mean to exist.
/// </remarks>
/// <param name="P">p, the shape of one customer's orders.</param>
/// <param name="Q">q, the shape of the customers' scales.</param>
/// <param name="Gamma">γ, the scale of the customers' scales, in the shop's currency.</param>
public sealed record GammaGamma(double P, double Q, double Gamma)
{
    /// <summary>Gives the log-likelihood of a customer's mean spend (eq. 1a). The customer has ordered, and for more than nothing.</summary>
    public double LogLikelihood(in CustomerHistory customer)
    {
        var (x, m) = ((double)customer.Orders, customer.MeanSpend);
        return GammaLn((P * x) + Q) - GammaLn(P * x) - GammaLn(Q) + (Q * Math.Log(Gamma))
            + (((P * x) - 1) * Math.Log(m)) + (P * x * Math.Log(x)) - (((P * x) + Q) * Math.Log(Gamma + (x * m)));
    }

    /// <summary>Gives what a customer's next orders are worth on average (eq. 5): a mean of the customer's own and of everybody's.</summary>
    public double ExpectedSpend(in CustomerHistory customer) =>
        P * (Gamma + (customer.Orders * customer.MeanSpend)) / ((P * customer.Orders) + Q - 1);
}
