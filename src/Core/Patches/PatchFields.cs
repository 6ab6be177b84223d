using System.Globalization;
using System.Text.Json;

namespace Personalization.Core.Patches;

/// <summary>The members of one patch in JSON, read by name; what is missing, of the wrong kind or unknown becomes a problem.</summary>
internal sealed class PatchFields
{
    private readonly Dictionary<string, JsonElement> _members = [];
    private readonly HashSet<string> _asked = [];
    private readonly string _path;
    private readonly ICollection<Problem> _problems;

    private PatchFields(string path, ICollection<Problem> problems) => (_path, _problems) = (path, problems);

    public static PatchFields? Open(JsonElement element, string path, ICollection<Problem> problems)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new(path, "wrong_type", "A patch is an object: {\"op\": …, \"selector\": …}."));
            return null;
        }

        var fields = new PatchFields(path, problems);
        foreach (var member in element.EnumerateObject())
        {
            var name = Decoded(() => member.Name) ?? "\uFFFD";
            if (!fields._members.TryAdd(name, member.Value))
            {
                fields.Refuse(name, "duplicate_field", "The member appears twice.");
            }
        }

        return fields;
    }

    public string PathOf(string name) => Problem.Under(_path, name);

    public void Refuse(string name, string code, string detail) => _problems.Add(new(PathOf(name), code, detail));

    /// <summary>Reads a member that must be there and be a string of at most <paramref name="maxLength"/> characters.</summary>
    public string? Text(string name, int maxLength)
    {
        if (Find(name) is not { } value)
        {
            Refuse(name, "missing_field", $"'{name}' is missing.");
            return null;
        }

        return TextOf(value, PathOf(name), maxLength);
    }

    /// <summary>Reads a member that must be there and be one of an enum's names.</summary>
    public T? Word<T>(string name, string code)
        where T : struct, Enum
    {
        if (Text(name, 100) is not { } word)
        {
            return null;
        }

        if (PatchWords<T>.TryRead(word, out var value))
        {
            return value;
        }

        Refuse(name, code, $"Expected one of {PatchWords<T>.All}.");
        return null;
    }

    /// <summary>Reads a member that may be left out, which means false.</summary>
    public bool Flag(string name)
    {
        var value = Find(name);
        if (value is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) })
        {
            Refuse(name, "wrong_type", "Expected true or false.");
        }

        return value is { ValueKind: JsonValueKind.True };
    }

    /// <summary>Reads a member that must be there and be an array of 1 to <paramref name="maxCount"/> strings.</summary>
    public List<string>? Texts(string name, int maxCount, int maxLength)
    {
        if (Find(name) is not { } value)
        {
            Refuse(name, "missing_field", $"'{name}' is missing.");
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is var count && (count == 0 || count > maxCount))
        {
            Refuse(name, "wrong_type", string.Create(CultureInfo.InvariantCulture, $"Expected an array of 1 to {maxCount} strings."));
            return null;
        }

        var texts = value.EnumerateArray().Select((item, index) => TextOf(item, Problem.Under(PathOf(name), index), maxLength)).ToList();
        return texts.Contains(null) ? null : texts.ConvertAll(text => text!);
    }

    /// <summary>Refuses every member that was not asked for: a misspelt one must not be passed over in silence.</summary>
    public void RefuseOthers(string op)
    {
        foreach (var name in _members.Keys.Where(name => !_asked.Contains(name)))
        {
            Refuse(name, "unknown_field", $"'{op}' has no such member; it has {string.Join(", ", _asked)}.");
        }
    }

    private JsonElement? Find(string name)
    {
        _asked.Add(name);
        return _members.TryGetValue(name, out var value) ? value : null;
    }

    private string? TextOf(JsonElement value, string path, int maxLength)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            _problems.Add(new(path, "wrong_type", "Expected a string."));
            return null;
        }

        var text = Decoded(() => value.GetString()!);
        if (text is null)
        {
            _problems.Add(new(path, "invalid_text", "The string holds half of a surrogate pair."));
        }
        else if (text.Length > maxLength)
        {
            _problems.Add(new(path, "too_long", string.Create(CultureInfo.InvariantCulture, $"Expected at most {maxLength} characters.")));
        }

        return text?.Length > maxLength ? null : text;
    }

    // JSON may escape half of a surrogate pair; .NET only says so when the string is asked for.
    private static string? Decoded(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
