using Google.Protobuf.WellKnownTypes;
using Personalization.Core;
using Personalization.Core.Conditions;
using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Core.Schemas;

namespace Personalization.Api.Grpc;

/// <summary>Reads events, and tells what became of them.</summary>
internal static class IngestMessages
{
    /// <summary>Reads a whole batch.</summary>
    /// <param name="request">The batch.</param>
    /// <param name="receivedAt">When the server received it, in milliseconds since the Unix epoch.</param>
    /// <param name="signalled">What the caller's privacy signals deny.</param>
    /// <param name="schemas">What the properties must look like.</param>
    /// <param name="problem">What is wrong with the batch as a whole, in which case no event of it is taken.</param>
    public static EventBatch? Read(V1.IngestRequest request, long receivedAt, Purposes signalled, EventSchemas schemas, out Problem? problem)
    {
        if (request.Events.Count > EventLimits.BatchEvents)
        {
            problem = new Problem("events", "too_many_events", $"A batch holds at most {EventLimits.BatchEvents} events; send the rest in another.");
            return null;
        }

        if (!Timestamps.TryRead(request.SentAt, out var sentAt))
        {
            problem = new Problem("sentAt", "invalid_type", Timestamps.Expected);
            return null;
        }

        problem = null;
        var events = new List<Event>(request.Events.Count);
        List<RejectedEvent>? rejected = null;
        for (var index = 0; index < request.Events.Count; index++)
        {
            var message = request.Events[index];
            var read = Read(message, receivedAt, sentAt, signalled, out var fault);
            if (read is not null && (read.SchemaVersion > 0 || schemas.Covers(read.Type)))
            {
                fault = schemas.Check(read.Type, read.SchemaVersion, EventJson.Write(message));
            }

            if (fault is null)
            {
                events.Add(read!);
            }
            else
            {
                (rejected ??= []).Add(new RejectedEvent(index, fault) { Text = EventJson.Write(message), SentAt = sentAt });
            }
        }

        return new EventBatch(events, (IReadOnlyList<RejectedEvent>?)rejected ?? []);
    }

    /// <summary>Tells what became of a batch.</summary>
    public static V1.IngestResponse Write(IngestReceipt receipt, IReadOnlyList<RejectedEvent> rejected)
    {
        var response = new V1.IngestResponse
        {
            Accepted = receipt.Accepted,
            Duplicates = receipt.Duplicates,
            Dropped = receipt.Dropped,
            ProfileVersion = receipt.ProfileVersion,
        };
        foreach (var (index, problem) in rejected)
        {
            response.Rejected.Add(new V1.RejectedEvent { Index = index, Path = problem.Path, Code = problem.Code, Detail = problem.Detail });
        }

        return response;
    }

    private static Event? Read(V1.Event message, long receivedAt, long? batchSentAt, Purposes signalled, out Problem? problem)
    {
        var draft = new EventDraft(batchSentAt, signalled);
        draft.SetMessageId(message.HasMessageId ? message.MessageId : null);
        draft.SetType(message.HasType ? message.Type : null);
        if (Timestamps.TryRead(message.Timestamp, out var timestamp))
        {
            draft.SetTimestamp(timestamp);
        }
        else
        {
            draft.Fault("timestamp", "invalid_type", Timestamps.Expected);
        }

        if (Timestamps.TryRead(message.SentAt, out var sentAt))
        {
            draft.SetSentAt(sentAt);
        }
        else
        {
            draft.Fault("sentAt", "invalid_type", Timestamps.Expected);
        }

        draft.SetAnonymousId(message.HasAnonymousId ? message.AnonymousId : null);
        draft.SetUserId(message.HasUserId ? message.UserId : null);
        draft.SetPreviousId(message.HasPreviousId ? message.PreviousId : null);
        draft.SetSchemaVersion(message.HasSchemaVersion ? message.SchemaVersion : null);
        if (message.Consent is { } consent)
        {
            draft.SetConsent(ConsentMessages.Read(consent, out var fault));
            if (fault is not null)
            {
                draft.Fault(fault.Path, fault.Code, fault.Detail);
            }
        }

        if (message.Properties is { } properties)
        {
            Read(properties, ref draft);
        }

        return draft.Finish(receivedAt, out problem);
    }

    private static void Read(V1.EventProperties properties, ref EventDraft draft)
    {
        draft.SetItemId(properties.HasItemId ? properties.ItemId : null);
        draft.SetCategory(properties.HasCategory ? properties.Category : null);
        draft.SetBrand(properties.HasBrand ? properties.Brand : null);
        draft.SetPrice(properties.HasPrice ? properties.Price : null);
        draft.SetQuantity(properties.HasQuantity ? properties.Quantity : null);
        draft.SetQuery(properties.HasQuery ? properties.Query : null);
        draft.SetDecisionId(properties.HasDecisionId ? properties.DecisionId : null);
        draft.SetPlacement(properties.HasPlacement ? properties.Placement : null);
        draft.SetValue(properties.HasValue ? properties.Value : null);
        if (properties.Custom is { } custom)
        {
            foreach (var (name, value) in custom.Fields)
            {
                draft.AddProperty(name, value.KindCase switch
                {
                    Value.KindOneofCase.StringValue => AttributeValue.From(value.StringValue),
                    Value.KindOneofCase.NumberValue => AttributeValue.From(value.NumberValue),
                    Value.KindOneofCase.BoolValue => AttributeValue.From(value.BoolValue),
                    _ => AttributeValue.Missing,
                });
            }
        }
    }
}
