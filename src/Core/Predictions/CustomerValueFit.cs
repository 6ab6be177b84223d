using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace Personalization.Core.Predictions;

/// <summary>Fits the models of buying to a shop's customers, by maximum likelihood.</summary>
/// <remarks>The parameters are sought as logarithms, which keeps them positive. The search begins where it always begins, so equal data gives equal models.</remarks>
public static class CustomerValueFit
{
    // Beyond this the likelihood is flat, and a search would only run away.
    private const double MostLog = 12;
    private const double NowhereLoss = 1e100;

    /// <summary>The fewest customers that are fitted to.</summary>
    public const int FewestCustomers = 30;

    /// <summary>Fits <see cref="BetaGeometric"/>.</summary>
    /// <param name="customers">The customers, each with one order at least.</param>
    /// <exception cref="ArgumentException">There are too few customers, none came back, or one is not valid.</exception>
    public static BetaGeometric FitOrders(IReadOnlyList<CustomerHistory> customers)
    {
        Require(customers, "customers");
        if (!customers.Any(customer => customer.Repeats > 0))
        {
            throw new ArgumentException("No customer has ordered twice, so nothing is known of how often they do.", nameof(customers));
        }

        // The scale of time is in α alone, so that is where the search starts with the data's own.
        var age = customers.Average(customer => customer.Age);
        var found = Minimise(
            at => Loss(at, customers, BetaGeometricOf, (model, customer) => model.LogLikelihood(customer)), [0, Math.Log(Math.Max(1e-6, age / 4)), 0, 0]);
        return BetaGeometricOf(found);
    }

    /// <summary>Fits <see cref="GammaGamma"/>. Customers without an order of some worth are left out.</summary>
    /// <param name="customers">The customers.</param>
    /// <exception cref="ArgumentException">There are too few customers.</exception>
    public static GammaGamma FitSpend(IReadOnlyList<CustomerHistory> customers)
    {
        CustomerHistory[] buyers = [.. customers.Where(customer => customer is { Orders: > 0, MeanSpend: > 0 } && double.IsFinite(customer.MeanSpend))];
        Require(buyers, "customers with an order of some worth");
        var spend = buyers.Average(customer => customer.MeanSpend);
        var found = Minimise(
            at => Loss(at, buyers, GammaGammaOf, (model, customer) => model.LogLikelihood(customer)), [0, 1, Math.Log(spend)]);
        return GammaGammaOf(found);
    }

    private static double[] Minimise(Func<double[], double> loss, double[] start)
    {
        // Nelder and Mead's simplex needs no derivatives, which the likelihoods make a mess of.
        const double Tolerance = 1e-9;
        const int MostSteps = 20_000;
        var objective = ObjectiveFunction.Value(at => loss([.. at]) is var value && double.IsFinite(value) ? value : NowhereLoss);
        var found = new NelderMeadSimplex(Tolerance, MostSteps).FindMinimum(objective, Vector<double>.Build.Dense(start));
        return [.. found.MinimizingPoint];
    }

    private static double Loss<TModel>(
        double[] at, IReadOnlyList<CustomerHistory> customers, Func<double[], TModel> modelOf, Func<TModel, CustomerHistory, double> likelihood)
    {
        if (at.Any(log => Math.Abs(log) > MostLog))
        {
            return double.PositiveInfinity;
        }

        var model = modelOf(at);
        double loss = 0;
        foreach (var customer in customers)
        {
            loss -= likelihood(model, customer);
        }

        return loss / customers.Count;
    }

    private static BetaGeometric BetaGeometricOf(double[] log) => new(Math.Exp(log[0]), Math.Exp(log[1]), Math.Exp(log[2]), Math.Exp(log[3]));

    // q is 1 more than is sought: below it nobody's mean exists.
    private static GammaGamma GammaGammaOf(double[] log) => new(Math.Exp(log[0]), 1 + Math.Exp(log[1]), Math.Exp(log[2]));

    private static void Require(IReadOnlyList<CustomerHistory> customers, string what)
    {
        if (customers.Count < FewestCustomers)
        {
            throw new ArgumentException($"There are {customers.Count} {what}; a model needs {FewestCustomers} at least.");
        }

        if (!customers.All(customer => customer.IsValid))
        {
            throw new ArgumentException("A customer's last order is before the first or after the end, or without a repeat not the first.");
        }
    }
}
