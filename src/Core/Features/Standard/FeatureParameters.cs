using Personalization.Core.Profiles;

namespace Personalization.Core.Features;

/// <summary>The parameters that several families have.</summary>
internal static class FeatureParameters
{
    /// <summary>The name under which a window without a beginning is asked for.</summary>
    public const string Total = "total";

    /// <summary>A type of events; a person has met those they sent.</summary>
    public static readonly FeatureParameter EventType = new("type", "a type of events, also of your own")
    {
        Met = (context, _) => context.Profile.Types.ToArray().Select(type => type.Type),
    };

    /// <summary>A window.</summary>
    public static readonly FeatureParameter Window = new("window", "the time up to now that counts")
    {
        Choices = [.. Profiles.Window.All.Select(window => window.Name)],
    };

    /// <summary>A window, or all time.</summary>
    public static readonly FeatureParameter WindowOrTotal = new("window", "the time up to now that counts, or all time")
    {
        Choices = [.. Profiles.Window.All.Select(window => window.Name), Total],
    };

    /// <summary>A category; a person has met those they showed interest in.</summary>
    public static readonly FeatureParameter Category = new("category", "a category of items")
    {
        Met = (context, _) => Names(context.Profile.Categories, context.Words),
    };

    /// <summary>A brand; a person has met those they showed interest in.</summary>
    public static readonly FeatureParameter Brand = new("brand", "a brand of items")
    {
        Met = (context, _) => Names(context.Profile.Brands, context.Words),
    };

    private static IEnumerable<string> Names(AffinitySet affinities, Vocabulary words) =>
        affinities.Entries.ToArray().Select(entry => words[entry.Symbol]);
}
