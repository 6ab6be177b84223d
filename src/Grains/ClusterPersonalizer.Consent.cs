using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
using Personalization.Grains.Audit;
using Personalization.Grains.Profiles;

namespace Personalization.Grains;

/// <content>What people chose, and the trail of it.</content>
public sealed partial class ClusterPersonalizer
{
    private static readonly TimeSpan ChoicesRetry = TimeSpan.FromSeconds(2);

    private readonly StatedChoices _stated = new();

    /// <inheritdoc/>
    public async ValueTask<AuditPage> ReadAuditAsync(int chain, long after, int limit, CancellationToken cancellation) =>
        chain < AuditShards.Count
            ? new AuditPage(AuditShards.Count, await audit.ReadHeadAsync(chain, cancellation), await audit.ReadAsync(chain, after, limit, cancellation))
            : new AuditPage(AuditShards.Count, AuditHead.Empty, []);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AuditEntry>> ReadHistoryAsync(string id, CancellationToken cancellation)
    {
        var chain = AuditShards.Of(id);
        return await audit.FindSaltAsync(chain, id, cancellation) is { } salt
            ? await audit.ReadOfAsync(chain, AuditSubject.Of(salt, id), cancellation)
            : [];
    }

    /// <summary>Asks everybody's profile what they chose, all at once. Where it can't be known nothing is taken in: a denial may be stored.</summary>
    private async ValueTask<Dictionary<string, ConsentChoices>> ReadChoicesAsync(IReadOnlyList<Event> events)
    {
        var people = new HashSet<string>(StringComparer.Ordinal);
        foreach (var source in events)
        {
            if (Intake.NeedsChoices(source))
            {
                people.Add(source.PersonId);
                if (IdentityRules.DeviceOf(source) is { } device)
                {
                    people.Add(device);
                }
            }
        }

        var chosen = new Dictionary<string, ConsentChoices>(people.Count, StringComparer.Ordinal);
        try
        {
            var asked = people.Select(person => (person, ReadChoicesAsync(person))).ToArray();
            foreach (var (person, reading) in asked)
            {
                chosen[person] = await reading;
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new UnavailableException("What a person allows can't be read now, and without it nothing of them is taken in.", ChoicesRetry, exception);
        }

        return chosen;
    }

    private async Task<ConsentChoices> ReadChoicesAsync(string person)
    {
        var stored = await grains.GetGrain<IUserProfileGrain>(person).ReadConsentAsync();
        if (stored.Owner is { } login)
        {
            stored = await grains.GetGrain<IUserProfileGrain>(login).ReadConsentAsync();
        }

        return stored.Choices is { } bytes ? ConsentChoices.Read(bytes) : default;
    }

    private bool Admits(Intake intake, Event source, Dictionary<string, ConsentChoices> chosen)
    {
        if (source.Type == EventTypes.Consent)
        {
            _stated.Add(source);
            return true;
        }

        // Two ids are joined only if neither of them denied it.
        var choices = _stated.Over(source.PersonId, chosen.GetValueOrDefault(source.PersonId));
        return intake.Admits(source, IdentityRules.DeviceOf(source) is { } device
            ? choices.Merge(_stated.Over(device, chosen.GetValueOrDefault(device)))
            : choices);
    }

    /// <summary>Says that choices are with their profiles, or not durable.</summary>
    private void Release(List<Event> kept)
    {
        foreach (var source in kept)
        {
            if (source.Type == EventTypes.Consent)
            {
                _stated.Remove(source);
            }
        }
    }
}
