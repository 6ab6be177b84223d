using Personalization.Core.Experiments;
using Personalization.Core.Privacy;
using Personalization.Core.Recommend;

namespace Personalization.Core.Decisions;

/// <summary>Decides what every placement shows: eligibility, experiment, experience, items. A function of its arguments; it waits for nothing.</summary>
/// <param name="knowledge">What the recommenders learned.</param>
public sealed class DecisionEngine(ItemKnowledge knowledge)
{
    /// <summary>Decides.</summary>
    /// <param name="id">The decision's id.</param>
    /// <param name="plan">The configuration.</param>
    /// <param name="context">Who asks for what, and when. The caller keeps the profile from changing meanwhile.</param>
    /// <param name="failed">Told of a placement that broke, which shows the control.</param>
    public Decision Decide(DecisionId id, DecisionPlan plan, DecisionContext context, Action<string, Exception>? failed = null)
    {
        var names = context.Request.Placements ?? plan.PlacementNames;
        var decided = new PlacementDecision[names.Count];
        var ttl = int.MaxValue;
        List<FeatureValue>? features = null;
        for (var i = 0; i < decided.Length; i++)
        {
            var name = names[i];
            if (!plan.Placements.TryGetValue(name, out var placement))
            {
                decided[i] = new PlacementDecision { Name = name, Reason = DecisionReason.UnknownPlacement };
                continue;
            }

            ttl = Math.Min(ttl, placement.TtlMilliseconds);
            try
            {
                decided[i] = Decide(placement, plan, context);
                Note(placement, context, ref features);
            }
#pragma warning disable CA1031 // Whatever breaks in one placement must not break the page.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failed?.Invoke(name, exception);
                decided[i] = new PlacementDecision { Name = name, Reason = DecisionReason.Failed };
            }
        }

        return new Decision
        {
            Id = id,
            PersonId = context.Request.PersonId,
            DeviceId = context.Request.AnonymousId,
            DecidedAt = context.Now,
            ProfileVersion = context.Profile.Version,
            IsStale = context.Request.MinProfileVersion > context.FoldedThrough,
            ConfigurationRevision = plan.Revision,
            Placements = decided,
            Features = (IReadOnlyList<FeatureValue>?)features ?? [],
            MayBeKept = (context.Denied & Purposes.Personalization) == 0,
            TtlMilliseconds = ttl == int.MaxValue ? 0 : ttl,
        };
    }

    private PlacementDecision Decide(Placement placement, DecisionPlan plan, DecisionContext context)
    {
        foreach (var experiment in placement.Experiments)
        {
            if (Assign(experiment, context, out var reason) is { } variant)
            {
                return context.IsAutomated
                    ? new PlacementDecision { Name = placement.Name, Reason = DecisionReason.Automated }
                    : Show(placement, variant.Experience, reason, experiment, variant, plan, context);
            }
        }

        foreach (var choice in placement.Choices)
        {
            if (choice.Audience is null)
            {
                return Show(placement, choice.Experience, DecisionReason.Default, null, null, plan, context);
            }

            if (choice.Audience.Matches(context))
            {
                return Show(placement, choice.Experience, DecisionReason.Audience, null, null, plan, context);
            }
        }

        return new PlacementDecision { Name = placement.Name, Reason = DecisionReason.NoEligibleExperience };
    }

    private static Variant? Assign(Experiment experiment, DecisionContext context, out DecisionReason reason)
    {
        reason = DecisionReason.Sticky;
        if (experiment.Audience is not null && !experiment.Audience.Matches(context))
        {
            return null;
        }

        if (UnitOf(experiment, context, out var seen) is not { } unit)
        {
            return null;
        }

        if (seen >= 0 && experiment.Find(seen) is { } kept)
        {
            return kept;
        }

        reason = DecisionReason.Experiment;
        var bucket = BucketHash.Compute(experiment.Seed, unit, experiment.HashVersion);
        var index = bucket is { } value ? Bucketing.ChooseVariation(value, experiment.Ranges) : -1;
        return index < 0 ? null : experiment.Variants[index];
    }

    /// <summary>Gives the id that an experiment draws by, and the variant it was exposed to; null for somebody who takes no part.</summary>
    private static string? UnitOf(Experiment experiment, DecisionContext context, out int seen)
    {
        var (symbol, version) = (experiment.Symbol, experiment.Version);
        if (experiment.AssignBy == AssignmentUnit.Person)
        {
            seen = context.Profile.AssignedVariant(symbol, version);
            return context.Profile.IsLogin ? context.Profile.Id : context.Request.UserId;
        }

        // The device stays what it is when somebody logs in, so what it shows stays too, in whatever order events arrive.
        if (context.Request.AnonymousId is { } device)
        {
            seen = context.Device?.AssignedVariant(symbol, version, device) ?? -1;
            seen = seen >= 0 ? seen : context.Profile.AssignedVariant(symbol, version, device);
            return device;
        }

        seen = context.Profile.AssignedVariant(symbol, version);
        return context.Request.UserId;
    }

    private PlacementDecision Show(
        Placement placement, Experience? experience, DecisionReason reason, Experiment? experiment, Variant? variant, DecisionPlan plan, DecisionContext context)
    {
        var items = Array.Empty<DecidedItem>();
        if (experience is null)
        {
            reason = DecisionReason.ControlVariant;
        }
        else if (experience.Recommend is { } spec)
        {
            var fault = Recommend(placement, experience, spec, plan, context, out items);
            if (fault is { } why)
            {
                (experience, reason, items) = (null, why, []);
            }
        }

        return new PlacementDecision
        {
            Name = placement.Name,
            Reason = reason,
            Experience = experience,
            Experiment = experiment,
            Variant = variant,
            // A variant that is not drawn any more is only kept.
            Propensity = variant is { Weight: > 0 } ? variant.Weight : 1,
            Items = items,
        };
    }

    private DecisionReason? Recommend(
        Placement placement, Experience experience, Recommendation spec, DecisionPlan plan, DecisionContext context, out DecidedItem[] items)
    {
        items = [];
        if (experience.Template is null && !experience.ItemsOnly)
        {
            return DecisionReason.MissingTemplate;
        }

        if (plan.Catalog.Count == 0)
        {
            return DecisionReason.EmptyCatalog;
        }

        IReadOnlyList<string>? candidates = null;
        context.Request.Candidates?.TryGetValue(placement.Name, out candidates);
        var limit = Math.Clamp(context.Request.Limit ?? spec.Limit, 1, Recommendation.MostItems);
        items = new Recommender(plan, knowledge, context).Choose(spec, candidates, limit);
        return items.Length == 0 && experience.Template is not { Patch.Template.ShowsWhenEmpty: true } ? DecisionReason.NoCandidates : null;
    }

    private static void Note(Placement placement, DecisionContext context, ref List<FeatureValue>? features)
    {
        foreach (var feature in placement.Features)
        {
            var known = false;
            foreach (var noted in features ?? [])
            {
                known |= ReferenceEquals(noted.Name, feature.Name);
            }

            if (!known)
            {
                (features ??= new List<FeatureValue>(placement.Features.Count)).Add(new FeatureValue(feature.Name, feature.Read(context)));
            }
        }
    }
}
