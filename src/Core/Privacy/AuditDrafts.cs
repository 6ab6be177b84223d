using System.Buffers;
using System.Text.Json;
using Personalization.Core.Configuration;
using Personalization.Core.Events;

namespace Personalization.Core.Privacy;

/// <summary>Says what happened as it stands in the trail, the same in every host.</summary>
public static class AuditDrafts
{
    /// <summary>A person chose: <c>{"purposes":{"training":"denied"},"since":"2026-05-01T12:00:00.000Z"}</c>.</summary>
    /// <param name="person">The id of the profile it was folded into.</param>
    /// <param name="choice">The event.</param>
    /// <param name="changed">The purposes whose choice is another now; the others it names are left out.</param>
    /// <param name="position">Its position in the log.</param>
    public static AuditDraft Of(string person, Event choice, Purposes changed, long position)
    {
        var details = Json(json =>
        {
            json.WriteStartObject("purposes");
            foreach (var purpose in PurposeNames.All)
            {
                if ((changed & purpose) != 0)
                {
                    json.WriteString(PurposeNames.Of(purpose), StateOf(choice.Consent, purpose));
                }
            }

            json.WriteEndObject();
            json.WriteString("since", DateTimeOffset.FromUnixTimeMilliseconds(choice.Timestamp).UtcDateTime);
        });
        return new AuditDraft(
            choice.ReceivedAt, AuditKinds.Consent, ConsentJson.NameOf(choice.Consent.Source), person, details, position);
    }

    /// <summary>People were erased: <c>{"erasure":"019a…","people":2,"profiles":2,"decisions":14,"trainingSessions":3}</c>. It names nobody.</summary>
    /// <param name="erasure">The erasure.</param>
    /// <param name="time">When it was finished, in milliseconds since the Unix epoch.</param>
    public static AuditDraft Of(Erasure erasure, long time)
    {
        var details = Json(json =>
        {
            json.WriteString("erasure", erasure.Id);
            json.WriteNumber("people", erasure.Total);
            json.WriteNumber("profiles", erasure.Erased.Profiles);
            json.WriteNumber("decisions", erasure.Erased.Decisions);
            json.WriteNumber("trainingSessions", erasure.Erased.TrainingSessions);
        });
        return new AuditDraft(time, AuditKinds.Erasure, "system", null, details);
    }

    /// <summary>The configuration changed: <c>{"revision":7,"put":["segments/vip"],"removed":[],"items":{"put":3,"removed":0}}</c>.</summary>
    /// <param name="change">What was asked for.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="time">When, in milliseconds since the Unix epoch.</param>
    public static AuditDraft Of(ConfigurationChange change, ChangeOutcome outcome, long time)
    {
        var details = Json(json =>
        {
            json.WriteNumber("revision", outcome.Revision);
            var removed = change.Remove.ToHashSet();
            WriteNames(json, "put", outcome.Changed.Where(key => !removed.Contains(key)));
            WriteNames(json, "removed", outcome.Changed.Where(removed.Contains));
            json.WriteStartObject("items");
            json.WriteNumber("put", change.PutItems.Count);
            json.WriteNumber("removed", change.RemoveItems.Count);
            json.WriteEndObject();
        });
        return new AuditDraft(time, AuditKinds.Configuration, "api", null, details, outcome.Revision);
    }

    private static string StateOf(Consent said, Purposes purpose) => ConsentJson.NameOf(
        (said.Denied & purpose) != 0 ? ConsentState.Denied : (said.Granted & purpose) != 0 ? ConsentState.Granted : ConsentState.Unknown);

    private static void WriteNames(Utf8JsonWriter json, string member, IEnumerable<(ConfigurationKind Kind, string Id)> keys)
    {
        json.WriteStartArray(member);
        foreach (var (kind, id) in keys)
        {
            json.WriteStringValue($"{kind.PluralName()}/{id}");
        }

        json.WriteEndArray();
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
