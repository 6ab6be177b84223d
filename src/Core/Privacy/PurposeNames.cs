namespace Personalization.Core.Privacy;

/// <summary>The names of purposes on the wire.</summary>
public static class PurposeNames
{
    /// <summary>Every single purpose, in the order of their bits.</summary>
    public static readonly IReadOnlyList<Purposes> All =
        [Purposes.Analytics, Purposes.Personalization, Purposes.Training, Purposes.Advertising, Purposes.CrossDevice];

    /// <summary>All purposes together.</summary>
    public const Purposes Every =
        Purposes.Analytics | Purposes.Personalization | Purposes.Training | Purposes.Advertising | Purposes.CrossDevice;

    /// <summary>What is told to one whose purpose there is not.</summary>
    public const string Known = "The purposes are analytics, personalization, training, advertising and crossDevice.";

    /// <summary>Gives a single purpose's name: <c>crossDevice</c>.</summary>
    public static string Of(Purposes purpose) => purpose switch
    {
        Purposes.Analytics => "analytics",
        Purposes.Personalization => "personalization",
        Purposes.Training => "training",
        Purposes.Advertising => "advertising",
        Purposes.CrossDevice => "crossDevice",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, "This is not a single purpose."),
    };

    /// <summary>Finds a purpose by its name; <see cref="Purposes.None"/> where there is none of that name.</summary>
    public static Purposes Parse(string name) => name switch
    {
        "analytics" => Purposes.Analytics,
        "personalization" => Purposes.Personalization,
        "training" => Purposes.Training,
        "advertising" => Purposes.Advertising,
        "crossDevice" => Purposes.CrossDevice,
        _ => Purposes.None,
    };

    /// <summary>Gives the names of several purposes, separated by commas, as <see cref="ParseList"/> reads them.</summary>
    public static string List(Purposes purposes) => string.Join(',', All.Where(purpose => (purposes & purpose) != 0).Select(Of));

    /// <summary>Reads a list of names separated by commas, as an option gives it; null where one of them is no purpose. Empty is none.</summary>
    public static Purposes? ParseList(string names)
    {
        var all = Purposes.None;
        foreach (var name in names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Parse(name) is not (> Purposes.None and var purpose))
            {
                return null;
            }

            all |= purpose;
        }

        return all;
    }
}
