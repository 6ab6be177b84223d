using Personalization.Core.Decisions;

namespace Personalization.Core.Features;

/// <summary>A person's features at one moment.</summary>
/// <param name="Id">The person's id.</param>
/// <param name="Version">The log position of the last event they have seen.</param>
/// <param name="At">The moment.</param>
/// <param name="Values">The features by name, in the order asked for.</param>
public sealed record FeatureVector(string Id, long Version, DateTimeOffset At, IReadOnlyList<FeatureValue> Values)
{
    /// <summary>Reads the features of whom a context is about.</summary>
    /// <param name="context">The person and the time.</param>
    /// <param name="features">The registry.</param>
    /// <param name="names">The names wanted; null for every one whose value comes from the profile and that something is known under.</param>
    public static FeatureVector Of(DecisionContext context, FeatureRegistry features, IReadOnlyList<string>? names) => new(
        context.Profile.Id, context.Profile.Version, DateTimeOffset.FromUnixTimeMilliseconds(context.Now), features.Read(context, names));
}
