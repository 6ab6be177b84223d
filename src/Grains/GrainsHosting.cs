using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Personalization.Core;
using Personalization.Core.Privacy;
using Personalization.Core.Privacy.Encryption;
using Personalization.Grains.Audit;
using Personalization.Grains.Configuration;
using Personalization.Grains.Learning;
using Personalization.Grains.Monitoring;

namespace Personalization.Grains;

/// <summary>Registers what a process of the cluster shares among its grains and its API.</summary>
public static class GrainsHosting
{
    /// <summary>
    /// Adds it. The host adds an <see cref="IEventAppender"/>, an <see cref="IDecisionMemory"/>, an <see cref="ITrainingMemory"/>, an
    /// <see cref="IDeadLetterStore"/> and an <see cref="IAuditStore"/>, and a cipher where profiles are to be encrypted.
    /// </summary>
    public static IServiceCollection AddPersonalizationGrains(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => new Vocabulary());
        services.TryAddSingleton(ConsentPolicy.Default);
        services.TryAddSingleton(_ => new ProfileCipher(KeyRing.Empty, RandomNumberGenerator.Fill));
        services.TryAddSingleton<SharedConfiguration>();
        services.TryAddSingleton<SharedKnowledge>();
        services.TryAddSingleton<SharedVolumes>();
        services.TryAddSingleton<ClusterPersonalizer>();
        services.TryAddSingleton<IPersonalizer>(provider => provider.GetRequiredService<ClusterPersonalizer>());
        return services;
    }
}
