using System.Text.Json;
using Personalization.Core.Privacy;

namespace Personalization.Core.Events;

/// <summary>Reads one event from JSON and checks it. Everything that is wrong with one event is that event's problem alone.</summary>
internal ref struct EventReader
{
    private string? _messageId, _type, _anonymousId, _userId;
    private string? _itemId, _category, _brand, _query, _decisionId, _placement;
    private long? _timestamp, _sentAt;
    private double _price = double.NaN, _value = double.NaN;
    private int _quantity = 1;
    private Purposes _granted, _denied;
    private Problem? _problem;

    private EventReader(long? sentAt) => _sentAt = sentAt;

    /// <summary>Reads the event the reader stands on, and leaves the reader on its last token.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static Event? Read(ref Utf8JsonReader json, long receivedAt, long? sentAt, out Problem? problem)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            problem = new Problem("", "invalid_type", "An event is a JSON object.");
            return null;
        }

        var reader = new EventReader(sentAt);
        var depth = json.CurrentDepth;
        try
        {
            reader.ReadMembers(ref json);
        }
        catch (InvalidOperationException)
        {
            // JSON may escape half of a surrogate pair, even in a name, and only comparing it shows that.
            reader.Fault("", "invalid_text", "A name or a text of the event is not valid Unicode.");
            while (json.CurrentDepth > depth)
            {
                json.Read();
            }
        }

        return reader.Finish(receivedAt, out problem);
    }

    private void ReadMembers(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("messageId"u8))
            {
                _messageId = Id(ref json, "messageId");
            }
            else if (json.ValueTextEquals("type"u8))
            {
                _type = Type(ref json);
            }
            else if (json.ValueTextEquals("timestamp"u8))
            {
                _timestamp = Time(ref json, "timestamp");
            }
            else if (json.ValueTextEquals("sentAt"u8))
            {
                _sentAt = Time(ref json, "sentAt") ?? _sentAt;
            }
            else if (json.ValueTextEquals("anonymousId"u8))
            {
                _anonymousId = Id(ref json, "anonymousId");
            }
            else if (json.ValueTextEquals("userId"u8))
            {
                _userId = Id(ref json, "userId");
            }
            else if (json.ValueTextEquals("consent"u8))
            {
                ReadConsent(ref json);
            }
            else if (json.ValueTextEquals("properties"u8))
            {
                ReadProperties(ref json);
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
            Fault("properties", "invalid_type", "The properties are a JSON object.");
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("itemId"u8))
            {
                _itemId = Id(ref json, "properties.itemId");
            }
            else if (json.ValueTextEquals("category"u8))
            {
                _category = Text(ref json, "properties.category", EventLimits.TextLength);
            }
            else if (json.ValueTextEquals("brand"u8))
            {
                _brand = Text(ref json, "properties.brand", EventLimits.TextLength);
            }
            else if (json.ValueTextEquals("price"u8))
            {
                _price = Number(ref json, "properties.price");
                if (_price < 0)
                {
                    Fault("properties.price", "out_of_range", "A price is 0 or more.");
                }
            }
            else if (json.ValueTextEquals("quantity"u8))
            {
                var quantity = Number(ref json, "properties.quantity");
                _quantity = quantity is >= 1 and <= 1_000_000 ? (int)quantity : _quantity;
                if (!double.IsNaN(quantity) && (quantity is < 1 or > 1_000_000 || quantity != Math.Floor(quantity)))
                {
                    Fault("properties.quantity", "out_of_range", "A quantity is a whole number from 1 to 1 000 000.");
                }
            }
            else if (json.ValueTextEquals("query"u8))
            {
                _query = Text(ref json, "properties.query", EventLimits.TextLength);
            }
            else if (json.ValueTextEquals("decisionId"u8))
            {
                _decisionId = Id(ref json, "properties.decisionId");
            }
            else if (json.ValueTextEquals("placement"u8))
            {
                _placement = Id(ref json, "properties.placement");
            }
            else if (json.ValueTextEquals("value"u8))
            {
                _value = Number(ref json, "properties.value");
            }
            else
            {
                Pass(ref json);
            }
        }
    }

    private void ReadConsent(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (json.TokenType != JsonTokenType.StartObject)
        {
            Fault("consent", "invalid_type", "The consent is a JSON object that names purposes.");
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            var purpose = Consent.Parse(name);
            json.Read();
            if (purpose == Purposes.None)
            {
                // A misspelt denial that passed silently would be used against the person's will.
                Fault("consent", "unknown_purpose",
                    "The purposes are analytics, personalization, training, advertising and crossDevice.");
                json.Skip();
            }
            else if (json.TokenType == JsonTokenType.True || Is(ref json, "granted"u8))
            {
                _granted |= purpose;
            }
            else if (json.TokenType == JsonTokenType.False || Is(ref json, "denied"u8))
            {
                _denied |= purpose;
            }
            else if (json.TokenType != JsonTokenType.Null && !Is(ref json, "unknown"u8))
            {
                Fault(Problem.Under("consent", name), "invalid_type", "A choice is true, false, \"granted\", \"denied\" or \"unknown\".");
                json.Skip();
            }
        }

        static bool Is(ref Utf8JsonReader json, ReadOnlySpan<byte> choice) =>
            json.TokenType == JsonTokenType.String && json.ValueTextEquals(choice);
    }

    private Event? Finish(long receivedAt, out Problem? problem)
    {
        if (_messageId is null)
        {
            Fault("messageId", "required", "Every event needs a messageId, so that it can be sent twice and count once.");
        }

        if (_type is null)
        {
            Fault("type", "required", "Every event needs a type, such as view, click or purchase.");
        }

        if (_anonymousId is null && _userId is null)
        {
            Fault("anonymousId", "required", "Every event needs an anonymousId or a userId.");
        }

        var timestamp = _timestamp ?? receivedAt;
        if (_timestamp is not null && _sentAt is { } sentAt)
        {
            // The client's clock was wrong by the same amount when it stamped the event and when it sent it.
            timestamp += receivedAt - sentAt;
        }

        if (timestamp > receivedAt + EventLimits.FutureMilliseconds)
        {
            Fault("timestamp", "in_future", "The timestamp is more than a day in the future.");
        }
        else if (timestamp < 0)
        {
            Fault("timestamp", "out_of_range", "The timestamp is before 1970.");
        }

        problem = _problem;
        if (problem is not null)
        {
            return null;
        }

        return new Event
        {
            MessageId = _messageId!,
            Type = _type!,
            Timestamp = Math.Min(timestamp, receivedAt),
            ReceivedAt = receivedAt,
            AnonymousId = _anonymousId,
            UserId = _userId,
            // Where one says both, the refusal counts.
            Consent = new Consent(_granted & ~_denied, _denied),
            ItemId = _itemId,
            Price = _price,
            Quantity = _quantity,
            Query = _query,
            DecisionId = _decisionId,
            Placement = _placement,
            Value = _value,
        }.With(_category, _brand);
    }

    /// <summary>Reads an id; a JSON null counts as left out.</summary>
    private string? Id(ref Utf8JsonReader json, string path)
    {
        var id = Text(ref json, path, EventLimits.IdLength);
        if (id is { Length: 0 })
        {
            Fault(path, "empty", "An id has at least one character.");
            return null;
        }

        return id;
    }

    private string? Type(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String && !json.HasValueSequence && EventTypes.Shared(json.ValueSpan) is { } known)
        {
            return known;
        }

        var type = TextHere(ref json, "type", EventLimits.TypeLength);
        if (type is { Length: 0 })
        {
            Fault("type", "empty", "A type has at least one character.");
        }

        return type;
    }

    private string? Text(ref Utf8JsonReader json, string path, int most)
    {
        json.Read();
        return TextHere(ref json, path, most);
    }

    private string? TextHere(ref Utf8JsonReader json, string path, int most)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (json.TokenType != JsonTokenType.String)
        {
            Fault(path, "invalid_type", "This is a JSON string.");
            json.Skip();
            return null;
        }

        string text;
        try
        {
            text = json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            Fault(path, "invalid_text", "The text is not valid Unicode.");
            return null;
        }

        if (text.Length > most)
        {
            Fault(path, "too_long", $"At most {most} characters are taken.");
            return null;
        }

        foreach (var character in text)
        {
            if (char.IsControl(character))
            {
                Fault(path, "control_character", "Control characters are not taken.");
                return null;
            }
        }

        return text;
    }

    private double Number(ref Utf8JsonReader json, string path)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return double.NaN;
        }

        if (json.TokenType != JsonTokenType.Number)
        {
            Fault(path, "invalid_type", "This is a JSON number.");
            json.Skip();
            return double.NaN;
        }

        var number = json.GetDouble();
        if (!double.IsFinite(number))
        {
            Fault(path, "out_of_range", "The number is too large.");
        }

        return number;
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
            Fault(path, "invalid_type", EventTime.Expected);
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
                Fault("", "too_deep", $"What is in an event nests at most {EventLimits.Depth} deep.");
            }
        }
    }

    private void Fault(string path, string code, string detail) => _problem ??= new Problem(path, code, detail);
}
