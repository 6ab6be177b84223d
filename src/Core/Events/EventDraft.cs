using Personalization.Core.Conditions;
using Personalization.Core.Privacy;

namespace Personalization.Core.Events;

/// <summary>An event while a door reads it: takes what was sent, checks it, and makes the event or tells the first thing that is wrong.</summary>
/// <remarks>
/// Every door goes through it, so that an event is good or bad wherever it enters. Paths are those of the event's JSON
/// (<c>properties.itemId</c>), relative to the event. A null counts as left out. Times are milliseconds since the Unix epoch.
/// </remarks>
public ref struct EventDraft
{
    private const int MostUnits = 1_000_000;

    private string? _messageId, _type, _anonymousId, _userId, _previousId;
    private string? _itemId, _category, _brand, _query, _decisionId, _placement;
    private long? _timestamp, _sentAt;
    private double _price = double.NaN, _value = double.NaN;
    private int _quantity = 1;
    private int _schemaVersion;
    private readonly Purposes _signalled;
    private Consent _consent;
    private List<EventProperty>? _properties;
    private Problem? _problem;

    /// <summary>Starts one.</summary>
    /// <param name="sentAt">When the batch was sent, by the sender's clock; null where that was not said.</param>
    /// <param name="signalled">What the browser's privacy signals deny. They hold for the events that come with them and are no choice to store.</param>
    public EventDraft(long? sentAt, Purposes signalled = Purposes.None)
    {
        _sentAt = sentAt;
        _signalled = signalled;
    }

    /// <summary>Takes the sender's id of the message: 1 to 256 characters.</summary>
    public void SetMessageId(string? id) => _messageId = Id(id, "messageId");

    /// <summary>Takes the type: 1 to 64 characters.</summary>
    public void SetType(string? type)
    {
        _type = Text(type, "type", EventLimits.TypeLength) is { } checkedType ? EventTypes.Shared(checkedType) : null;
        if (_type is { Length: 0 })
        {
            Fault("type", "empty", "A type has at least one character.");
        }
        else if (_type == EventTypes.Erase)
        {
            Fault("type", "reserved", $"No event is sent as {EventTypes.Erase}. DELETE /v1/users/{{id}} erases a person.");
        }
    }

    /// <summary>Takes one of <see cref="EventTypes"/>, which needs no check.</summary>
    internal void SetKnownType(string type) => _type = type;

    /// <summary>Takes when it happened, by the sender's clock.</summary>
    public void SetTimestamp(long? time) => _timestamp = time;

    /// <summary>Takes when it was sent, by the sender's clock; it goes before that of the batch.</summary>
    public void SetSentAt(long? time) => _sentAt = time ?? _sentAt;

    /// <summary>Takes the device's id: 1 to 256 characters.</summary>
    public void SetAnonymousId(string? id) => _anonymousId = Id(id, "anonymousId");

    /// <summary>Takes the login's id: 1 to 256 characters.</summary>
    public void SetUserId(string? id) => _userId = Id(id, "userId");

    /// <summary>Takes the id that an alias joins to the login: 1 to 256 characters.</summary>
    public void SetPreviousId(string? id) => _previousId = Id(id, "previousId");

    /// <summary>Takes what is said of purposes.</summary>
    public void SetConsent(Consent consent) => _consent = consent;

    /// <summary>Takes the version of the type's schema that is meant: a whole number of at least 1.</summary>
    public void SetSchemaVersion(double? version)
    {
        if (version is >= 1 and <= int.MaxValue && version == Math.Floor(version.Value))
        {
            _schemaVersion = (int)version;
        }
        else if (version is not null)
        {
            Fault("schemaVersion", "out_of_range", "A version is a whole number of at least 1.");
        }
    }

    /// <summary>Takes the item concerned: 1 to 256 characters.</summary>
    public void SetItemId(string? id) => _itemId = Id(id, "properties.itemId");

    /// <summary>Takes the item's category: up to 512 characters.</summary>
    public void SetCategory(string? category) => _category = Text(category, "properties.category", EventLimits.TextLength);

    /// <summary>Takes the item's brand: up to 512 characters.</summary>
    public void SetBrand(string? brand) => _brand = Text(brand, "properties.brand", EventLimits.TextLength);

    /// <summary>Takes the price of one unit: 0 or more.</summary>
    public void SetPrice(double? price)
    {
        _price = Number(price, "properties.price");
        if (_price < 0)
        {
            Fault("properties.price", "out_of_range", "A price is 0 or more.");
        }
    }

    /// <summary>Takes how many units: a whole number from 1 to 1 000 000.</summary>
    public void SetQuantity(double? quantity)
    {
        if (quantity is not { } units)
        {
            return;
        }

        if (units is >= 1 and <= MostUnits && units == Math.Floor(units))
        {
            _quantity = (int)units;
        }
        else
        {
            Fault("properties.quantity", "out_of_range", "A quantity is a whole number from 1 to 1 000 000.");
        }
    }

    /// <summary>Takes the words searched for: up to 512 characters.</summary>
    public void SetQuery(string? query) => _query = Text(query, "properties.query", EventLimits.TextLength);

    /// <summary>Takes the decision it belongs to: 1 to 256 characters.</summary>
    public void SetDecisionId(string? id) => _decisionId = Id(id, "properties.decisionId");

    /// <summary>Takes the placement it belongs to: 1 to 256 characters.</summary>
    public void SetPlacement(string? name) => _placement = Id(name, "properties.placement");

    /// <summary>Takes what a reward is worth: any finite number.</summary>
    public void SetValue(double? value) => _value = Number(value, "properties.value");

    /// <summary>Gets whether another property of the shop's own is taken.</summary>
    public readonly bool TakesProperty => (_properties?.Count ?? 0) < EventLimits.Properties;

    /// <summary>
    /// Takes a property of the shop's own: a number, a text, true or false. One whose name or text is longer than is taken says nothing,
    /// as does whatever comes after as many as are taken.
    /// </summary>
    public void AddProperty(string name, AttributeValue value)
    {
        if (TakesProperty && name.Length <= EventLimits.PropertyNameLength
            && (value.Kind is AttributeKind.Number or AttributeKind.Boolean
                || (value.Kind == AttributeKind.Text && value.Text.Length <= EventLimits.TextLength)))
        {
            (_properties ??= []).Add(new EventProperty(name, value));
        }
    }

    /// <summary>Notes that something is wrong; the first thing is told.</summary>
    public void Fault(string path, string code, string detail) => _problem ??= new Problem(path, code, detail);

    /// <summary>Makes the event.</summary>
    /// <param name="receivedAt">When the server received it.</param>
    /// <param name="problem">What is wrong, where nothing is returned.</param>
    public Event? Finish(long receivedAt, out Problem? problem)
    {
        if (_messageId is null)
        {
            Fault("messageId", "required", "Every event needs a messageId, so that it can be sent twice and count once.");
        }

        if (_type is null)
        {
            Fault("type", "required", "Every event needs a type, such as view, click or purchase.");
        }

        CheckIdentity();
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

        if (_type == EventTypes.Consent && _consent.Named == Purposes.None)
        {
            Fault("consent", "required", "An event of type consent says of one purpose at least what the person chose.");
        }

        problem = _problem;
        if (problem is not null)
        {
            return null;
        }

        return _type == EventTypes.Consent ? Choice(timestamp, receivedAt) : new Event
        {
            MessageId = _messageId!,
            Type = _type!,
            Timestamp = Math.Min(timestamp, receivedAt),
            ReceivedAt = receivedAt,
            AnonymousId = _anonymousId,
            UserId = _userId,
            PreviousId = _type == EventTypes.Alias ? _previousId : null,
            Consent = new Consent(_consent.Granted, _consent.Denied).Without(_signalled),
            SchemaVersion = _schemaVersion,
            ItemId = _itemId,
            Price = _price,
            Quantity = _quantity,
            Query = _query,
            DecisionId = _decisionId,
            Placement = _placement,
            Value = _value,
            Properties = (IReadOnlyList<EventProperty>?)_properties ?? [],
        }.With(_category, _brand);
    }

    /// <summary>A choice is taken whatever it denies, so nothing else that came with it is.</summary>
    private readonly Event Choice(long timestamp, long receivedAt) => new()
    {
        MessageId = _messageId!,
        Type = EventTypes.Consent,
        Timestamp = Math.Min(timestamp, receivedAt),
        ReceivedAt = receivedAt,
        AnonymousId = _anonymousId,
        UserId = _userId,
        Consent = _consent,
    };

    private void CheckIdentity()
    {
        if (_type is EventTypes.Identify or EventTypes.Alias && _userId is null)
        {
            Fault("userId", "required", "An identify or an alias names the login as its userId.");
        }

        if (_type == EventTypes.Alias && _previousId is null)
        {
            Fault("previousId", "required", "An alias names, as its previousId, the device's id that becomes the userId's.");
        }
        else if (_type == EventTypes.Alias && _previousId == _userId)
        {
            Fault("previousId", "alias_to_itself", "The previousId is the userId.");
        }
    }

    private string? Id(string? text, string path)
    {
        var id = Text(text, path, EventLimits.IdLength);
        if (id is { Length: 0 })
        {
            Fault(path, "empty", "An id has at least one character.");
            return null;
        }

        return id;
    }

    private string? Text(string? text, string path, int most)
    {
        if (text is null)
        {
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

    private double Number(double? number, string path)
    {
        if (number is not { } value)
        {
            return double.NaN;
        }

        if (!double.IsFinite(value))
        {
            Fault(path, "out_of_range", double.IsNaN(value) ? "NaN is no number." : "The number is too large.");
        }

        return value;
    }
}
