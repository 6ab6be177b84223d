using System.Runtime.InteropServices;
using System.Text.Json;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Api.Rest;

/// <summary>Reads the choice of <c>PUT /v1/users/{id}/consent</c>: <c>{"purposes":{"training":"denied"},"since"?}</c>.</summary>
internal static class ConsentRequest
{
    /// <summary>Makes the event that the choice is; it goes the way of any other, so it is durable when it is answered.</summary>
    /// <exception cref="RefusedException">Something is wrong with it.</exception>
    public static Event Read(JsonElement body, string person, long receivedAt)
    {
        var problems = new List<Problem>();
        var draft = new EventDraft(sentAt: null);
        draft.SetMessageId(Guid.NewGuid().ToString("N"));
        draft.SetType(EventTypes.Consent);
        draft.SetAnonymousId(person);
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Invalid(new Problem("", "invalid_type", "The body is a JSON object: {\"purposes\": {\"training\": \"denied\"}}."));
        }

        foreach (var member in body.EnumerateObject())
        {
            switch (member.Name)
            {
                case "purposes":
                    draft.SetConsent(ReadPurposes(member.Value, problems));
                    break;
                case "since":
                    draft.SetTimestamp(ReadTime(member.Value, problems));
                    break;
                default:
                    problems.Add(new Problem(member.Name, "unknown_field", "There is no such field; the fields here are purposes and since."));
                    break;
            }
        }

        if (problems.Count > 0)
        {
            throw RefusedException.Invalid(problems);
        }

        return draft.Finish(receivedAt, out var problem) ?? throw RefusedException.Invalid(Here(problem!));
    }

    private static Consent ReadPurposes(JsonElement json, List<Problem> problems)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(json));
        reader.Read();
        var consent = ConsentJson.Read(ref reader, "purposes", out var problem);
        if (problem is not null)
        {
            problems.Add(problem);
        }

        return consent with { Source = ConsentSource.Api };
    }

    private static long? ReadTime(JsonElement json, List<Problem> problems)
    {
        if (json.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(json));
        reader.Read();
        var time = EventTime.Read(ref reader);
        if (time is null)
        {
            problems.Add(new Problem("since", "invalid_type", EventTime.Expected));
        }

        return time;
    }

    // The event's fields have other names here.
    private static Problem Here(Problem problem) => problem.Path switch
    {
        "timestamp" => problem with { Path = "since" },
        "consent" => problem with { Path = "purposes", Detail = "Say of one purpose at least what the person chose. " + PurposeNames.Known },
        "anonymousId" => problem with { Path = "id" },
        _ => problem,
    };
}
