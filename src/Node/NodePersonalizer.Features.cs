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
            var context = new DecisionContext(profile, new DecisionRequest { UserId = profile.Id }, now, _words, _folding.FoldedThrough);
            return FeatureVector.Of(context, Configuration.Plan.Features, names);
        }));
    }
}
