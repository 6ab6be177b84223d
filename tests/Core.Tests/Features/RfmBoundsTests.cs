using System.Globalization;
using System.IO.Compression;
using Personalization.Core.Features;

namespace Personalization.Core.Tests.Features;

public sealed class RfmBoundsTests
{
    private const string Invoices = "online-retail/online_retail_to_2011-11-09.csv.gz";

    /// <summary>The bounds are what they say they are: quintiles of the customers of UCI 352 "Online Retail" (D. Chen, CC BY 4.0).</summary>
    [SharedFact($"data/{Invoices}")]
    public void The_usual_bounds_are_the_quintiles_of_a_real_shop()
    {
        var end = new DateTime(2011, 11, 10);
        var customers = new Dictionary<string, (HashSet<string> Invoices, double Revenue, DateTime Last)>();
        using var file = new StreamReader(new GZipStream(File.OpenRead(SharedFolder.FilePath($"data/{Invoices}")), CompressionMode.Decompress));
        file.ReadLine();
        while (file.ReadLine() is { } line)
        {
            // Only descriptions hold commas, between quotes; the fields around them are counted from either end.
            var fields = line.Split(',');
            var (invoice, customer) = (fields[0], fields[^2]);
            var (quantity, price) = (
                double.Parse(fields[^5], CultureInfo.InvariantCulture), double.Parse(fields[^3], CultureInfo.InvariantCulture));
            if (customer.Length == 0 || invoice.StartsWith('C') || quantity <= 0 || price <= 0)
            {
                continue;
            }

            var at = DateTime.Parse(fields[^4], CultureInfo.InvariantCulture);
            var known = customers.GetValueOrDefault(customer, ([], 0, at));
            known.Invoices.Add(invoice);
            customers[customer] = (known.Invoices, known.Revenue + (quantity * price), at > known.Last ? at : known.Last);
        }

        Assert.Equal(4086, customers.Count);
        Assert.Equal(RfmBounds.Default.RecencyDays, Quintiles(customers.Values.Select(customer => Math.Floor((end - customer.Last).TotalDays))));
        Assert.Equal(RfmBounds.Default.Orders, Quintiles(customers.Values.Select(customer => (double)customer.Invoices.Count)));
        Assert.Equal(RfmBounds.Default.Revenue, Quintiles(customers.Values.Select(customer => customer.Revenue)));
    }

    private static double[] Quintiles(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return [.. Enumerable.Range(1, 4).Select(k => Math.Round(sorted[sorted.Length * k / 5]))];
    }
}
