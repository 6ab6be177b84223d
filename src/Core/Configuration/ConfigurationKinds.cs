namespace Personalization.Core.Configuration;

/// <summary>The names of kinds on the wire.</summary>
public static class ConfigurationKinds
{
    /// <summary>All kinds, each after those it refers to.</summary>
    public static readonly IReadOnlyList<ConfigurationKind> All = Enum.GetValues<ConfigurationKind>();

    /// <summary>Gives a kind's name in paths and documents: <c>segments</c>.</summary>
    public static string PluralName(this ConfigurationKind kind) => kind switch
    {
        ConfigurationKind.Segment => "segments",
        ConfigurationKind.Experience => "experiences",
        ConfigurationKind.Placement => "placements",
        ConfigurationKind.Predictor => "predictors",
        ConfigurationKind.Feature => "features",
        ConfigurationKind.Setting => "settings",
        ConfigurationKind.Schema => "schemas",
        ConfigurationKind.Retention => "retention",
        _ => "experiments",
    };

    /// <summary>Finds a kind by its <see cref="PluralName"/>.</summary>
    public static ConfigurationKind? Parse(string plural)
    {
        foreach (var kind in All)
        {
            if (kind.PluralName() == plural)
            {
                return kind;
            }
        }

        return null;
    }
}
