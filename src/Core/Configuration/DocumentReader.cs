using System.Text.Json;
using Personalization.Core.Conditions;

namespace Personalization.Core.Configuration;

/// <summary>Reads the members of one JSON object, notes each fault with its path, and in the end refuses members nobody asked for.</summary>
/// <remarks>A member that is null counts as left out.</remarks>
internal sealed class DocumentReader
{
    private readonly JsonElement _json;
    private readonly string _path;
    private readonly ICollection<Problem> _problems;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly bool _isObject;

    public DocumentReader(JsonElement json, string path, ICollection<Problem> problems)
    {
        _json = json;
        _path = path;
        _problems = problems;
        _isObject = json.ValueKind == JsonValueKind.Object;
        if (!_isObject)
        {
            problems.Add(new Problem(path, "invalid_type", "This is a JSON object."));
        }
    }

    /// <summary>Notes a fault of a member.</summary>
    public void Fault(string member, string code, string detail) => _problems.Add(new Problem(Problem.Under(_path, member), code, detail));

    /// <summary>Notes a fault at a path that <see cref="List"/> gave.</summary>
    public void FaultAt(string path, string code, string detail) => _problems.Add(new Problem(path, code, detail));

    /// <summary>Finds a member of whatever type.</summary>
    public JsonElement? Element(string name, bool required = false)
    {
        _asked.Add(name);
        if (!_isObject)
        {
            return null;
        }

        if (_json.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null)
        {
            return member;
        }

        if (required)
        {
            Fault(name, "required", "This is required.");
        }

        return null;
    }

    /// <summary>Gives the path of a member.</summary>
    public string PathOf(string name) => Problem.Under(_path, name);

    public string? Text(string name, int most = 256, bool required = false)
    {
        if (Element(name, required) is not { } member)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.String)
        {
            Fault(name, "invalid_type", "This is a JSON string.");
            return null;
        }

        var text = JsonText.Of(member);
        if (text is null or { Length: 0 } || text.Length > most || text.Any(char.IsControl))
        {
            Fault(name, "invalid_text", $"This is a text of 1 to {most} characters without control characters.");
            return null;
        }

        return text;
    }

    public double? Number(string name, double least, double most, bool required = false)
    {
        if (Element(name, required) is not { } member)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.Number)
        {
            Fault(name, "invalid_type", "This is a JSON number.");
            return null;
        }

        var number = member.GetDouble();
        if (!(number >= least && number <= most))
        {
            Fault(name, "out_of_range", most == double.MaxValue
                ? FormattableString.Invariant($"This is a number of at least {least}.")
                : FormattableString.Invariant($"This is a number from {least} to {most}."));
            return null;
        }

        return number;
    }

    public int? Whole(string name, int least, int most)
    {
        var number = Number(name, least, most);
        if (number is { } value && value != Math.Floor(value))
        {
            Fault(name, "invalid_type", "This is a whole number.");
            return null;
        }

        return (int?)number;
    }

    public bool? Flag(string name)
    {
        var member = Element(name);
        if (member is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) })
        {
            Fault(name, "invalid_type", "This is true or false.");
            return null;
        }

        return member?.GetBoolean();
    }

    /// <summary>Reads one of a few words.</summary>
    public string? Word(string name, params ReadOnlySpan<string> words)
    {
        var text = Text(name);
        if (text is not null && !words.Contains(text))
        {
            Fault(name, "unknown_value", $"This is one of {string.Join(", ", words!)}.");
            return null;
        }

        return text;
    }

    /// <summary>Reads a list, giving each element with its path.</summary>
    public IReadOnlyList<(JsonElement Json, string Path)>? List(string name, int most, bool required = false)
    {
        if (Element(name, required) is not { } member)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.Array)
        {
            Fault(name, "invalid_type", "This is a JSON array.");
            return null;
        }

        if (member.GetArrayLength() > most)
        {
            Fault(name, "too_many", $"At most {most} are taken.");
            return null;
        }

        var path = PathOf(name);
        return [.. member.EnumerateArray().Select((element, index) => (element, Problem.Under(path, index)))];
    }

    /// <summary>Refuses members that nothing asked for: a misspelt one would silently do nothing.</summary>
    public void Finish()
    {
        if (!_isObject)
        {
            return;
        }

        foreach (var member in _json.EnumerateObject())
        {
            if (!_asked.Contains(member.Name))
            {
                Fault(member.Name, "unknown_field", $"There is no such field; the fields here are {string.Join(", ", _asked.Order(StringComparer.Ordinal))}.");
            }
        }
    }

    /// <summary>Refuses JSON with half a surrogate pair in it: reading such a name or text throws.</summary>
    public static bool IsText(JsonElement json, string path, ICollection<Problem> problems)
    {
        var malformed = JsonText.FindMalformed(json, path);
        if (malformed is not null)
        {
            problems.Add(new Problem(malformed, "invalid_text", "The text is not well-formed Unicode."));
        }

        return malformed is null;
    }
}
