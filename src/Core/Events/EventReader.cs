using System.Text.Json;
using Personalization.Core.Conditions;
using Personalization.Core.Privacy;

namespace Personalization.Core.Events;

/// <summary>Reads one event from JSON. Everything that is wrong with one event is that event's problem alone.</summary>
internal ref struct EventReader
{
    private EventDraft _draft;

    private EventReader(long? sentAt, Purposes signalled) => _draft = new EventDraft(sentAt, signalled);

    /// <summary>Reads the event the reader stands on, and leaves the reader on its last token.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static Event? Read(ref Utf8JsonReader json, long receivedAt, long? sentAt, Purposes signalled, out Problem? problem)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            problem = new Problem("", "invalid_type", "An event is a JSON object.");
            return null;
        }

        var reader = new EventReader(sentAt, signalled);
        var depth = json.CurrentDepth;
        try
        {
            reader.ReadMembers(ref json);
        }
        catch (InvalidOperationException)
        {
            // JSON may escape half of a surrogate pair, even in a name, and only comparing it shows that.
            reader._draft.Fault("", "invalid_text", "A name or a text of the event is not valid Unicode.");
            while (json.CurrentDepth > depth)
            {
                json.Read();
            }
        }

        return reader._draft.Finish(receivedAt, out problem);
    }

    private void ReadMembers(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("messageId"u8))
            {
                _draft.SetMessageId(Text(ref json, "messageId"));
            }
            else if (json.ValueTextEquals("type"u8))
            {
                ReadType(ref json);
            }
            else if (json.ValueTextEquals("timestamp"u8))
            {
                _draft.SetTimestamp(Time(ref json, "timestamp"));
            }
            else if (json.ValueTextEquals("sentAt"u8))
            {
                _draft.SetSentAt(Time(ref json, "sentAt"));
            }
            else if (json.ValueTextEquals("anonymousId"u8))
            {
                _draft.SetAnonymousId(Text(ref json, "anonymousId"));
            }
            else if (json.ValueTextEquals("userId"u8))
            {
                _draft.SetUserId(Text(ref json, "userId"));
            }
            else if (json.ValueTextEquals("previousId"u8))
            {
                _draft.SetPreviousId(Text(ref json, "previousId"));
            }
            else if (json.ValueTextEquals("consent"u8))
            {
                ReadConsent(ref json);
            }
            else if (json.ValueTextEquals("properties"u8))
            {
                ReadProperties(ref json);
            }
            else if (json.ValueTextEquals("schemaVersion"u8))
            {
                _draft.SetSchemaVersion(Number(ref json, "schemaVersion"));
            }
            else
            {
                Pass(ref json);
            }
        }
    }

    private void ReadProperties(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (json.TokenType != JsonTokenType.StartObject)
        {
            _draft.Fault("properties", "invalid_type", "The properties are a JSON object.");
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("itemId"u8))
            {
                _draft.SetItemId(Text(ref json, "properties.itemId"));
            }
            else if (json.ValueTextEquals("category"u8))
            {
                _draft.SetCategory(Text(ref json, "properties.category"));
            }
            else if (json.ValueTextEquals("brand"u8))
            {
                _draft.SetBrand(Text(ref json, "properties.brand"));
            }
            else if (json.ValueTextEquals("price"u8))
            {
                _draft.SetPrice(Number(ref json, "properties.price"));
            }
            else if (json.ValueTextEquals("quantity"u8))
            {
                _draft.SetQuantity(Number(ref json, "properties.quantity"));
            }
            else if (json.ValueTextEquals("query"u8))
            {
                _draft.SetQuery(Text(ref json, "properties.query"));
            }
            else if (json.ValueTextEquals("decisionId"u8))
            {
                _draft.SetDecisionId(Text(ref json, "properties.decisionId"));
            }
            else if (json.ValueTextEquals("placement"u8))
            {
                _draft.SetPlacement(Text(ref json, "properties.placement"));
            }
            else if (json.ValueTextEquals("value"u8))
            {
                _draft.SetValue(Number(ref json, "properties.value"));
            }
            else if (_draft.TakesProperty)
            {
                ReadOwn(ref json);
            }
            else
            {
                Pass(ref json);
            }
        }
    }

    /// <summary>Reads a property of the shop's own, if it is one that features can be made of.</summary>
    private void ReadOwn(ref Utf8JsonReader json)
    {
        var value = json;
        value.Read();
        if (value.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.Null)
        {
            Pass(ref json);
            return;
        }

        var name = json.GetString()!;
        json.Read();
        try
        {
            _draft.AddProperty(name, json.TokenType switch
            {
                JsonTokenType.String => AttributeValue.From(json.GetString()),
                JsonTokenType.Number => AttributeValue.From(json.GetDouble()),
                _ => AttributeValue.From(json.TokenType == JsonTokenType.True),
            });
        }
        catch (InvalidOperationException)
        {
            // Nobody must understand the shop's own properties, so one that is no text is none.
        }
    }

    private void ReadConsent(ref Utf8JsonReader json)
    {
        json.Read();
        _draft.SetConsent(ConsentJson.Read(ref json, "consent", out var problem));
        if (problem is not null)
        {
            _draft.Fault(problem.Path, problem.Code, problem.Detail);
        }
    }

    private void ReadType(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String && !json.HasValueSequence && EventTypes.Shared(json.ValueSpan) is { } known)
        {
            _draft.SetKnownType(known);
        }
        else
        {
            _draft.SetType(TextHere(ref json, "type"));
        }
    }

    /// <summary>Reads a text; a JSON null counts as left out.</summary>
    private string? Text(ref Utf8JsonReader json, string path)
    {
        json.Read();
        return TextHere(ref json, path);
    }

    private string? TextHere(ref Utf8JsonReader json, string path)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (json.TokenType != JsonTokenType.String)
        {
            _draft.Fault(path, "invalid_type", "This is a JSON string.");
            json.Skip();
            return null;
        }

        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            _draft.Fault(path, "invalid_text", "The text is not valid Unicode.");
            return null;
        }
    }

    private double? Number(ref Utf8JsonReader json, string path)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number)
        {
            return json.GetDouble();
        }

        if (json.TokenType != JsonTokenType.Null)
        {
            _draft.Fault(path, "invalid_type", "This is a JSON number.");
            json.Skip();
        }

        return null;
    }

    private long? Time(ref Utf8JsonReader json, string path)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        var time = EventTime.Read(ref json);
        if (time is null)
        {
            _draft.Fault(path, "invalid_type", EventTime.Expected);
            json.Skip();
        }

        return time;
    }

    /// <summary>Passes over a member nothing reads, watching how deep it nests.</summary>
    private void Pass(ref Utf8JsonReader json)
    {
        var depth = json.CurrentDepth;
        json.Read();
        if (json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return;
        }

        while (json.Read() && json.CurrentDepth > depth)
        {
            if (json.CurrentDepth - depth >= EventLimits.Depth
                && json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                _draft.Fault("", "too_deep", $"What is in an event nests at most {EventLimits.Depth} deep.");
            }
        }
    }
}
