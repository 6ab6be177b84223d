using Google.Protobuf.WellKnownTypes;
using Personalization.Core;
using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Privacy;

namespace Personalization.Api.Grpc;

/// <summary>Reads questions for decisions, and tells the answers.</summary>
internal static class DecideMessages
{
    // As deep as JSON may nest in the body of REST, of which the context is a member.
    private const int MaxDepth = 31;

    /// <summary>Reads a question; null where anything is wrong, all of which is in <paramref name="problems"/>.</summary>
    public static DecisionRequest? Read(V1.DecideRequest message, Purposes signalled, out IReadOnlyList<Problem> problems)
    {
        var draft = default(DecisionDraft);
        draft.SetAnonymousId(message.HasAnonymousId ? message.AnonymousId : null);
        draft.SetUserId(message.HasUserId ? message.UserId : null);
        if (message.Page is { } page)
        {
            draft.StartPage();
            draft.SetUrl(page.HasUrl ? page.Url : null);
            draft.SetReferrer(page.HasReferrer ? page.Referrer : null);
            draft.SetTitle(page.HasTitle ? page.Title : null);
        }

        draft.Signal(signalled);
        if (message.Consent is { } consent)
        {
            draft.SetConsent(ConsentMessages.Read(consent, out var problem));
            if (problem is not null)
            {
                draft.Fault(problem.Path, problem.Code, problem.Detail);
            }
        }

        if (message.Placements.Count > 0)
        {
            draft.StartPlacements();
            for (var i = 0; i < message.Placements.Count; i++)
            {
                draft.AddPlacement(i, message.Placements[i]);
            }
        }

        if (message.Context is { } context)
        {
            draft.SetContext(Read(context, 1, ref draft));
        }

        if (message.Candidates.Count > 0)
        {
            ReadCandidates(message, ref draft);
        }

        draft.SetLimit(message.HasLimit ? message.Limit : null);
        draft.SetMinProfileVersion(message.HasMinProfileVersion ? message.MinProfileVersion : null);
        return draft.Finish(out problems);
    }

    /// <summary>Tells a decision.</summary>
    public static V1.DecideResponse Write(Decision decision)
    {
        var response = new V1.DecideResponse
        {
            DecisionId = decision.Id.ToString(),
            TtlMs = decision.TtlMilliseconds,
            ProfileVersion = decision.ProfileVersion,
            Revision = decision.ConfigurationRevision,
            Stale = decision.IsStale,
        };
        foreach (var placement in decision.Placements)
        {
            response.Placements.Add(Write(placement));
        }

        return response;
    }

    private static void ReadCandidates(V1.DecideRequest message, ref DecisionDraft draft)
    {
        draft.StartCandidates();
        foreach (var (placement, candidates) in message.Candidates)
        {
            var path = Problem.Under("candidates", placement);
            var ids = draft.CandidatesOf(placement);
            for (var i = 0; i < candidates.ItemIds.Count; i++)
            {
                draft.AddCandidate(ids, path, i, candidates.ItemIds[i]);
            }
        }
    }

    private static AttributeValue Read(Struct members, int depth, ref DecisionDraft draft)
    {
        if (IsTooDeep(depth, ref draft))
        {
            return AttributeValue.Null;
        }

        var read = new Dictionary<string, AttributeValue>(members.Fields.Count, StringComparer.Ordinal);
        foreach (var (name, value) in members.Fields)
        {
            read[name] = Read(value, depth, ref draft);
        }

        return AttributeValue.FromObject(read);
    }

    private static AttributeValue Read(ListValue elements, int depth, ref DecisionDraft draft)
    {
        if (IsTooDeep(depth, ref draft))
        {
            return AttributeValue.Null;
        }

        var read = new AttributeValue[elements.Values.Count];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = Read(elements.Values[i], depth, ref draft);
        }

        return AttributeValue.FromArray(read);
    }

    private static AttributeValue Read(Value value, int depth, ref DecisionDraft draft) => value.KindCase switch
    {
        Value.KindOneofCase.StringValue => AttributeValue.From(value.StringValue),
        Value.KindOneofCase.NumberValue => AttributeValue.From(value.NumberValue),
        Value.KindOneofCase.BoolValue => AttributeValue.From(value.BoolValue),
        Value.KindOneofCase.StructValue => Read(value.StructValue, depth + 1, ref draft),
        Value.KindOneofCase.ListValue => Read(value.ListValue, depth + 1, ref draft),
        _ => AttributeValue.Null,
    };

    private static bool IsTooDeep(int depth, ref DecisionDraft draft)
    {
        if (depth <= MaxDepth)
        {
            return false;
        }

        draft.Fault("context", "too_deep", $"Objects and arrays nest at most {MaxDepth} deep here.");
        return true;
    }

    private static V1.PlacementDecision Write(PlacementDecision placement)
    {
        var message = new V1.PlacementDecision
        {
            Placement = placement.Name,
            Experience = placement.Experience?.Id ?? "control",
            Propensity = placement.Propensity,
            Reason = ReasonNames.Of(placement.Reason),
        };
        if (placement.Experiment is not null)
        {
            message.Experiment = placement.Experiment.Id;
        }

        if (placement.Variant is not null)
        {
            message.Variant = placement.Variant.Key;
        }

        foreach (var item in placement.Items)
        {
            message.Items.Add(new V1.DecidedItem { Id = item.Item.Id, Score = Scores.Shown(item.Score), Reasons = { item.Reason } });
        }

        if (placement.Experience is not null)
        {
            message.Patches.Add(PatchMessages.Write(placement.Experience, placement.Items));
        }

        return message;
    }
}
