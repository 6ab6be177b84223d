using System.Buffers;
using System.Text.Json;
using Personalization.Core.Catalog;
using Personalization.Core.Decisions;

namespace Personalization.Api.Rest;

/// <summary>Writes the answer of <c>POST /v1/decide</c>.</summary>
internal static class DecideResponse
{
    private const int FewPlacements = 64;

    private static readonly JsonEncodedText
        DecisionId = JsonEncodedText.Encode("decisionId"),
        Placements = JsonEncodedText.Encode("placements"),
        Experience = JsonEncodedText.Encode("experience"),
        Experiment = JsonEncodedText.Encode("experiment"),
        Variant = JsonEncodedText.Encode("variant"),
        Propensity = JsonEncodedText.Encode("propensity"),
        Items = JsonEncodedText.Encode("items"),
        Id = JsonEncodedText.Encode("id"),
        Score = JsonEncodedText.Encode("score"),
        Reasons = JsonEncodedText.Encode("reasons"),
        Patches = JsonEncodedText.Encode("patches"),
        Reason = JsonEncodedText.Encode("reason"),
        TtlMs = JsonEncodedText.Encode("ttlMs"),
        ProfileVersion = JsonEncodedText.Encode("profileVersion"),
        Revision = JsonEncodedText.Encode("revision"),
        Stale = JsonEncodedText.Encode("stale"),
        Control = JsonEncodedText.Encode("control");

    public static void Write(JsonBody body, Decision decision)
    {
        var json = body.Json;
        var count = decision.Placements.Count;
        Span<Range> patches = count <= FewPlacements ? stackalloc Range[FewPlacements] : new Range[count];

        json.WriteStartObject();
        Span<byte> id = stackalloc byte[Core.Decisions.DecisionId.TextLength];
        decision.Id.Format(id);
        json.WriteString(DecisionId, id);

        json.WriteStartObject(Placements);
        for (var i = 0; i < count; i++)
        {
            patches[i] = Write(body, decision.Placements[i]);
        }

        json.WriteEndObject();

        json.WriteStartArray(Patches);
        Repeat(body, patches[..count]);
        json.WriteEndArray();

        json.WriteNumber(TtlMs, decision.TtlMilliseconds);
        json.WriteNumber(ProfileVersion, decision.ProfileVersion);
        json.WriteNumber(Revision, decision.ConfigurationRevision);
        if (decision.IsStale)
        {
            json.WriteBoolean(Stale, true);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes one placement, and tells where in the buffer its patches are.</summary>
    private static Range Write(JsonBody body, PlacementDecision placement)
    {
        var json = body.Json;
        json.WriteStartObject(placement.Name);
        if (placement.Experience is null)
        {
            json.WriteString(Experience, Control);
        }
        else
        {
            json.WriteString(Experience, placement.Experience.Id);
        }

        if (placement.Experiment is not null)
        {
            json.WriteString(Experiment, placement.Experiment.Id);
        }

        if (placement.Variant is not null)
        {
            json.WriteString(Variant, placement.Variant.Key);
        }

        json.WriteNumber(Propensity, placement.Propensity);
        json.WriteStartArray(Items);
        for (var i = 0; i < placement.Items.Count; i++)
        {
            Write(json, placement.Items[i]);
        }

        json.WriteEndArray();

        json.WriteStartArray(Patches);
        json.Flush();
        var start = body.Buffer.WrittenCount;
        if (placement.Experience is not null)
        {
            WritePatches(body.Buffer, placement.Experience, placement.Items);
        }

        var end = body.Buffer.WrittenCount;
        json.WriteEndArray();
        json.WriteString(Reason, ReasonNames.Of(placement.Reason));
        json.WriteEndObject();
        return start..end;
    }

    private static void Write(Utf8JsonWriter json, DecidedItem item)
    {
        json.WriteStartObject();
        json.WriteString(Id, item.Item.Id);
        json.WriteNumber(Score, Scores.Shown(item.Score));
        json.WritePropertyName(Reasons);
        ItemReasonJson.Write(json, item.Strategy, item.Because?.Id);
        json.WriteEndObject();
    }

    /// <summary>Writes an experience's patches, separated by commas: those that never change, then the one made of the items.</summary>
    private static void WritePatches(ArrayBufferWriter<byte> buffer, Experience experience, IReadOnlyList<DecidedItem> items)
    {
        var patches = experience.Patches;
        for (var i = 0; i < patches.Count; i++)
        {
            if (i > 0)
            {
                buffer.Write(","u8);
            }

            buffer.Write(patches[i].Utf8Json.Span);
        }

        if (experience.Template is not { } shown)
        {
            return;
        }

        if (patches.Count > 0)
        {
            buffer.Write(","u8);
        }

        var patch = shown.Patch;
        buffer.Write(patch.JsonPrefix.Span);
        if (items.Count == 0)
        {
            buffer.Write(patch.Template.Empty.Span);
        }
        else
        {
            buffer.Write(patch.Template.Head.Span);
            for (var i = 0; i < items.Count; i++)
            {
                buffer.Write(shown.Fragment(items[i].Item));
            }

            buffer.Write(patch.Template.Tail.Span);
        }

        buffer.Write(patch.JsonSuffix.Span);
    }

    /// <summary>Writes parts of the buffer once more, separated by commas.</summary>
    private static void Repeat(JsonBody body, ReadOnlySpan<Range> parts)
    {
        body.Json.Flush();
        var buffer = body.Buffer;
        var first = true;
        foreach (var part in parts)
        {
            var length = part.End.Value - part.Start.Value;
            if (length == 0)
            {
                continue;
            }

            if (!first)
            {
                buffer.Write(","u8);
            }

            // Room first: growing moves what is to be copied.
            var target = buffer.GetSpan(length);
            buffer.WrittenSpan[part].CopyTo(target);
            buffer.Advance(length);
            first = false;
        }
    }
}
