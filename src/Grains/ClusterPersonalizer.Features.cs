using Personalization.Core.Decisions;
using Personalization.Core.Features;

namespace Personalization.Grains;

public sealed partial class ClusterPersonalizer
{
    /// <inheritdoc/>
    public async ValueTask<FeatureVector?> FindFeaturesAsync(string id, IReadOnlyList<string>? names, CancellationToken cancellation)
    {
        if (await ReadOrRefuseAsync(id) is not { } profile)
        {
            return null;
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var context = DecisionContext.Of(profile, new DecisionRequest { UserId = profile.Id }, now, words, profile.Version, policy);
        return FeatureVector.Of(context, Configuration.Plan.Features, names);
    }
}
