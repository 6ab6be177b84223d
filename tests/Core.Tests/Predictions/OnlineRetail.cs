using System.Globalization;
using System.IO.Compression;

namespace Personalization.Core.Tests.Predictions;

/// <summary>The orders of a UK gift shop (UCI 352, D. Chen, CC BY 4.0), where it lies beside the checkout.</summary>
internal static class OnlineRetail
{
    /// <summary>Reads one entry for each customer and day with an invoice: cancellations, free items and strangers left out.</summary>
    public static IReadOnlyList<(string Customer, DateTime At, double Worth)> Orders()
    {
        var path = SharedFolder.FilePath("data/online-retail/online_retail_to_2011-11-09.csv.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        var lines = new List<(string Customer, DateTime At, double Worth)>();
        while (reader.ReadLine() is { } line)
        {
            // Only the description may hold a comma, so fields are counted from both ends.
            var fields = line.Split(',');
            var (quantity, date, price, customer) = (fields[^5], fields[^4], fields[^3], fields[^2]);
            if (fields[0].StartsWith('C') || customer.Length == 0
                || !double.TryParse(quantity, NumberStyles.Float, CultureInfo.InvariantCulture, out var units) || units <= 0
                || !double.TryParse(price, NumberStyles.Float, CultureInfo.InvariantCulture, out var each) || each <= 0)
            {
                continue;
            }

            lines.Add((customer, DateTime.Parse(date, CultureInfo.InvariantCulture).Date, units * each));
        }

        return [.. lines.GroupBy(line => (line.Customer, line.At)).Select(day => (day.Key.Customer, day.Key.At, day.Sum(line => line.Worth)))];
    }
}
