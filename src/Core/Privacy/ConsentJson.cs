using System.Text.Json;

namespace Personalization.Core.Privacy;

/// <summary>Reads what is said of purposes: <c>{"training": "denied", "analytics": true, "advertising": "unknown"}</c>.</summary>
public static class ConsentJson
{
    /// <summary>Reads the value the reader stands on, and leaves the reader on its last token. A null says nothing.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="path">Where it stands, for problems.</param>
    /// <param name="problem">The first thing that is wrong: a misspelt denial that passed silently would be used against the person's will.</param>
    public static Consent Read(ref Utf8JsonReader json, string path, out Problem? problem)
    {
        problem = null;
        if (json.TokenType == JsonTokenType.Null)
        {
            return default;
        }

        if (json.TokenType != JsonTokenType.StartObject)
        {
            problem = new Problem(path, "invalid_type", "The consent is a JSON object that names purposes.");
            json.Skip();
            return default;
        }

        Purposes granted = 0, denied = 0, withdrawn = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            var purpose = PurposeNames.Parse(name);
            json.Read();
            if (purpose == Purposes.None)
            {
                problem ??= new Problem(path, "unknown_purpose", PurposeNames.Known);
                json.Skip();
            }
            else if (json.TokenType == JsonTokenType.True || Is(ref json, "granted"u8))
            {
                granted |= purpose;
            }
            else if (json.TokenType == JsonTokenType.False || Is(ref json, "denied"u8))
            {
                denied |= purpose;
            }
            else if (Is(ref json, "unknown"u8))
            {
                withdrawn |= purpose;
            }
            else if (json.TokenType != JsonTokenType.Null)
            {
                problem ??= new Problem(
                    Problem.Under(path, name), "invalid_type", "A choice is true, false, \"granted\", \"denied\" or \"unknown\".");
                json.Skip();
            }
        }

        return Of(granted, denied, withdrawn);
    }

    /// <summary>Puts together what was said; of two things said of one purpose the stricter counts.</summary>
    public static Consent Of(Purposes granted, Purposes denied, Purposes withdrawn) =>
        new(granted & ~denied & ~withdrawn, denied) { Withdrawn = withdrawn & ~denied };

    /// <summary>Gives a state's name: <c>denied</c>.</summary>
    public static string NameOf(ConsentState state) => state switch
    {
        ConsentState.Granted => "granted",
        ConsentState.Denied => "denied",
        _ => "unknown",
    };

    /// <summary>Gives a source's name: <c>api</c>.</summary>
    public static string NameOf(ConsentSource source) => source == ConsentSource.Api ? "api" : "event";

    private static bool Is(ref Utf8JsonReader json, ReadOnlySpan<byte> choice) =>
        json.TokenType == JsonTokenType.String && json.ValueTextEquals(choice);
}
