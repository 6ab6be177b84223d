using System.Globalization;
using System.Text.Json;

namespace Personalization.Core.Segments;

/// <summary>Finds the numbers that a condition compares a feature with: where a value that only grows can change the answer.</summary>
internal static class ConditionThresholds
{
    /// <summary>Gives all numbers that stand anywhere below the feature's name.</summary>
    public static IReadOnlyList<double> Of(JsonElement condition, string path)
    {
        var found = new List<double>();
        Search(condition, path, found);
        return found;
    }

    private static void Search(JsonElement json, string path, List<double> found)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in json.EnumerateArray())
            {
                Search(element, path, found);
            }
        }
        else if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in json.EnumerateObject())
            {
                if (member.Name == path)
                {
                    Collect(member.Value, found);
                }
                else
                {
                    Search(member.Value, path, found);
                }
            }
        }
    }

    private static void Collect(JsonElement operand, List<double> found)
    {
        switch (operand.ValueKind)
        {
            case JsonValueKind.Number:
                found.Add(operand.GetDouble());
                break;
            case JsonValueKind.String when double.TryParse(operand.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                // A text that is a number is compared as one.
                found.Add(number);
                break;
            case JsonValueKind.Array:
                foreach (var element in operand.EnumerateArray())
                {
                    Collect(element, found);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in operand.EnumerateObject())
                {
                    Collect(member.Value, found);
                }

                break;
        }
    }
}
