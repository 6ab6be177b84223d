using System.Text.Json;
using Personalization.Core.Privacy;

namespace Personalization.Core.DeadLetters;

/// <summary>An event that was rejected, kept with the reason so that it can be sent again once that is mended.</summary>
/// <remarks>Times are milliseconds since the Unix epoch.</remarks>
public sealed record DeadLetter
{
    /// <summary>The most bytes of an event that is kept; of a longer one only the reason is.</summary>
    public const int MostBytes = 16 * 1024;

    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = 64 };

    /// <summary>Gets its number, which the store gives: later ones are greater. 0 before.</summary>
    public long Id { get; init; }

    /// <summary>Gets when the event was received.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>Gets when its batch was sent, by the sender's clock; null where that was not said.</summary>
    public long? SentAt { get; init; }

    /// <summary>Gets the event's type, as far as it could be read, as are the ids.</summary>
    public string? Type { get; init; }

    /// <summary>Gets the sender's id of the message.</summary>
    public string? MessageId { get; init; }

    /// <summary>Gets the device's id.</summary>
    public string? AnonymousId { get; init; }

    /// <summary>Gets the login's id.</summary>
    public string? UserId { get; init; }

    /// <summary>Gets what the browser's privacy signals denied when it was sent; it holds when it is sent again.</summary>
    public Purposes Signalled { get; init; }

    /// <summary>Gets what the event says of purposes. Not stored: it stands in the event.</summary>
    public Consent Said { get; init; }

    /// <summary>Gets whose choice decides whether it is kept: the login's, else the device's; null where nobody is named.</summary>
    public string? PersonId => UserId ?? AnonymousId;

    /// <summary>Gets why it was rejected; the path is relative to the event.</summary>
    public required Problem Problem { get; init; }

    /// <summary>Gets the event's JSON; empty where it is too long or no JSON, so that it can't be sent again.</summary>
    public ReadOnlyMemory<byte> Event { get; init; }

    /// <summary>Makes one of a rejected event; null where it must not be kept, because the person denies it or may.</summary>
    /// <remarks>What is no JSON may say anything, a denial too, so nothing of it is kept but that there was something.</remarks>
    public static DeadLetter? Of(ReadOnlyMemory<byte> text, Problem problem, long receivedAt, long? sentAt, Purposes signalled = Purposes.None)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Lenient);
            var root = document.RootElement;
            return root.ValueKind != JsonValueKind.Object ? new DeadLetter { ReceivedAt = receivedAt, Problem = problem }
                : Denies(root) || signalled.HasFlag(Purposes.Personalization) ? null
                : new DeadLetter
                {
                    ReceivedAt = receivedAt,
                    SentAt = sentAt,
                    Type = TextOf(root, "type"),
                    MessageId = TextOf(root, "messageId"),
                    AnonymousId = TextOf(root, "anonymousId"),
                    UserId = TextOf(root, "userId"),
                    Problem = problem,
                    Signalled = signalled,
                    Said = SaidBy(root),
                    Event = text.Length <= MostBytes ? text : default,
                };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return new DeadLetter { ReceivedAt = receivedAt, Problem = problem };
        }
    }

    /// <summary>Says whether anything is denied that would have dropped the event, or something is denied that nobody knows.</summary>
    private static bool Denies(JsonElement root)
    {
        if (!root.TryGetProperty("consent", out var consent) || consent.ValueKind == JsonValueKind.Null)
        {
            return false;
        }

        // What is no list of choices was meant to be one.
        return consent.ValueKind != JsonValueKind.Object || consent.EnumerateObject().Any(choice =>
            choice.Name is not ("analytics" or "training" or "advertising" or "crossDevice") && !IsAllowed(choice.Value));
    }

    private static Consent SaidBy(JsonElement root)
    {
        if (!root.TryGetProperty("consent", out var consent) || consent.ValueKind != JsonValueKind.Object)
        {
            return default;
        }

        Purposes granted = 0, denied = 0;
        foreach (var choice in consent.EnumerateObject())
        {
            var purpose = PurposeNames.Parse(choice.Name);
            granted |= choice.Value.ValueKind == JsonValueKind.True || (choice.Value.ValueKind == JsonValueKind.String && choice.Value.GetString() == "granted") ? purpose : 0;
            denied |= IsAllowed(choice.Value) ? 0 : purpose;
        }

        return new Consent(granted & ~denied, denied);
    }

    private static bool IsAllowed(JsonElement choice) => choice.ValueKind is JsonValueKind.True or JsonValueKind.Null
        || (choice.ValueKind == JsonValueKind.String && choice.GetString() is "granted" or "unknown");

    private static string? TextOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 256 } text ? text : null;
}
