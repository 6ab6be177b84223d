using Personalization.Core.Features;

namespace Personalization.Core;

public partial interface IPersonalizer
{
    /// <summary>Reads a person's features by the same code that decisions use; null for somebody of whom nothing is known.</summary>
    /// <param name="id">The person's id.</param>
    /// <param name="names">The names wanted, of which those that are no feature are left out; null for all that something is known under.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<FeatureVector?> FindFeaturesAsync(string id, IReadOnlyList<string>? names, CancellationToken cancellation);
}
