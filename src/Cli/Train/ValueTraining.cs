using System.Globalization;
using System.Text.Json;
using Personalization.Cli.Events;
using Personalization.Cli.Files;
using Personalization.Cli.Mapping;
using Personalization.Core.Predictions;

namespace Personalization.Cli.Train;

/// <summary>Fits what customers are worth to their purchases.</summary>
internal static class ValueTraining
{
    private const double UnitDays = 7;
    private const double OrderGapMinutes = 30;
    private const int MostErrorsTold = 5;

    public static TrainedPredictor Train(string file, string mapping, Action<string> warn)
    {
        var customers = Histories(Purchases(file, MappingFile.Load(mapping), warn));
        try
        {
            var orders = CustomerValueFit.FitOrders(customers);
            var hasSpend = customers.Count(customer => customer.MeanSpend > 0) >= CustomerValueFit.FewestCustomers;
            var value = new CustomerValue(UnitDays, orders, hasSpend ? CustomerValueFit.FitSpend(customers) : null);
            return Describe(value, customers);
        }
        catch (ArgumentException exception)
        {
            throw new UserError($"{file}: {exception.Message}", exception);
        }
    }

    private static TrainedPredictor Describe(CustomerValue value, IReadOnlyList<CustomerHistory> customers)
    {
        var (orders, spend) = (value.Orders, value.Spend);
        var likelihood = customers.Sum(customer => orders.LogLikelihood(customer));
        var invariant = CultureInfo.InvariantCulture;
        return new TrainedPredictor(
            Predictor.ValueId,
            [
                string.Create(invariant, $"{customers.Count} customers, {customers.Count(customer => customer.Repeats > 0)} of whom came back"),
                string.Create(invariant, $"  BG/NBD       r {orders.R:0.0000}  α {orders.Alpha:0.000} weeks  a {orders.A:0.0000}  b {orders.B:0.0000}  log-likelihood {likelihood:0.0}"),
                spend is null
                    ? "  Gamma-Gamma  not fitted: too few orders have a price"
                    : string.Create(invariant, $"  Gamma-Gamma  p {spend.P:0.0000}  q {spend.Q:0.0000}  γ {spend.Gamma:0.00}"),
            ],
            json => Write(json, value, customers.Count, likelihood));
    }

    private static void Write(Utf8JsonWriter json, CustomerValue value, int customers, double likelihood)
    {
        json.WriteString("kind", "value");
        json.WriteNumber("unitDays", value.UnitDays);
        json.WriteStartObject("orders");
        json.WriteNumber("r", value.Orders.R);
        json.WriteNumber("alpha", value.Orders.Alpha);
        json.WriteNumber("a", value.Orders.A);
        json.WriteNumber("b", value.Orders.B);
        json.WriteEndObject();
        if (value.Spend is { } spend)
        {
            json.WriteStartObject("spend");
            json.WriteNumber("p", spend.P);
            json.WriteNumber("q", spend.Q);
            json.WriteNumber("gamma", spend.Gamma);
            json.WriteEndObject();
        }

        json.WriteStartObject("quality");
        json.WriteNumber("customers", customers);
        json.WriteNumber("logLikelihood", Math.Round(likelihood, 3));
        json.WriteEndObject();
    }

    /// <summary>Makes histories as profiles keep them: what is bought within half an hour of the last purchase belongs to its order.</summary>
    private static CustomerHistory[] Histories(IReadOnlyList<(string Person, DateTimeOffset At, double Worth)> purchases)
    {
        if (purchases.Count == 0)
        {
            throw new UserError("The mapping makes no event of type purchase with a timestamp of any row.");
        }

        var end = purchases.Max(purchase => purchase.At);
        return [.. purchases.GroupBy(purchase => purchase.Person, StringComparer.Ordinal).Select(History)];

        CustomerHistory History(IEnumerable<(string Person, DateTimeOffset At, double Worth)> bought)
        {
            var orders = 0;
            double worth = 0;
            DateTimeOffset first = default, last = default;
            foreach (var purchase in bought.OrderBy(purchase => purchase.At))
            {
                if (orders == 0 || (purchase.At - last).TotalMinutes >= OrderGapMinutes)
                {
                    first = orders == 0 ? purchase.At : first;
                    orders++;
                }

                last = purchase.At;
                worth += purchase.Worth;
            }

            var recency = orders > 1 ? (last - first).TotalDays / UnitDays : 0;
            return new CustomerHistory(orders - 1, recency, Math.Max(recency, (end - first).TotalDays / UnitDays), orders, worth / orders);
        }
    }

    private static List<(string Person, DateTimeOffset At, double Worth)> Purchases(string file, MappingFile mapping, Action<string> warn)
    {
        using var input = new InputFile(file);
        var errors = 0;
        var purchases = new List<(string, DateTimeOffset, double)>();
        foreach (var made in MappedRows.Read(input, mapping, (mapper, row, _) => mapper.Event(row), Note))
        {
            // What is given back is no order.
            if (made is { Type: "purchase", Timestamp: { } at } && (Number(made, "quantity") ?? 1) is > 0 and var quantity)
            {
                purchases.Add((made.Person, at, Math.Max(0, Number(made, "price") ?? 0) * quantity));
            }
        }

        if (errors > 0)
        {
            warn($"{errors} rows could not be read and were left out");
        }

        return purchases;

        void Note(long line, string why)
        {
            if (errors++ < MostErrorsTold)
            {
                warn($"{file}:{line}: {why}");
            }
        }
    }

    private static double? Number(Event made, string name) =>
        made.Properties.FirstOrDefault(property => property.Key == name).Value.AsNumber;
}
