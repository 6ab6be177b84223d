using Personalization.Core.Decisions;
using Personalization.Core.Features;

namespace Personalization.Node;

public sealed partial class NodePersonalizer
{
    /// <inheritdoc/>
    public ValueTask<FeatureVector?> FindFeaturesAsync(string id, IReadOnlyList<string>? names, CancellationToken cancellation)
    {
        if (_profiles.Find(id) is not { } slot)
        {
            return new((FeatureVector?)null);
        }

        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (slot)
        {
            var context = new DecisionContext(slot.Profile, new DecisionRequest { UserId = id }, now, _words, _folding.FoldedThrough);
            return new(FeatureVector.Of(context, Configuration.Plan.Features, names));
        }
    }
}
