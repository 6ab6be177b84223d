using Personalization.Core.Decisions;
using Personalization.Core.Features;

namespace Personalization.Node;

public sealed partial class NodePersonalizer
{
    /// <inheritdoc/>
    public ValueTask<FeatureVector?> FindFeaturesAsync(string id, IReadOnlyList<string>? names, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        return new(Read(_profiles.Find(id), (profile, _) =>
        {
            var context = DecisionContext.Of(profile, new DecisionRequest { UserId = profile.Id }, now, _words, _folding.FoldedThrough, _policy);
            return FeatureVector.Of(context, Configuration.Plan.Features, names);
        }));
    }
}
