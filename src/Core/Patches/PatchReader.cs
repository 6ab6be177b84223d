using System.Globalization;
using System.Text.Json;

namespace Personalization.Core.Patches;

/// <summary>Reads patches from configuration. Everything that is wrong is told at once, each with its path in the document.</summary>
public static class PatchReader
{
    /// <summary>The most patches a list may hold.</summary>
    public const int MaxPatches = 200;

    /// <summary>The most characters of a text or a style sheet; for markup see <see cref="MarkupPolicy.MaxLength"/>.</summary>
    public const int MaxTextLength = 65_536;

    private const int MaxValueLength = 4_096;
    private const int MaxClasses = 20;

    /// <summary>Reads one patch.</summary>
    /// <param name="element">The patch: an object with <c>op</c>, <c>selector</c> and the arguments of the op, and nothing else.</param>
    /// <param name="path">Where it stands in the document that was sent: <c>patches[2]</c>.</param>
    /// <param name="problems">
    /// Receives what is wrong: the codes of <see cref="MarkupPolicy.Check"/> and <c>wrong_type</c>, <c>missing_field</c>,
    /// <c>unknown_field</c>, <c>duplicate_field</c>, <c>invalid_text</c>, <c>unknown_op</c>, <c>unknown_position</c>,
    /// <c>invalid_selector</c>, <c>protected_element</c>, <c>invalid_class</c>, <c>css_refused</c>.
    /// </param>
    /// <returns>The patch, or null when there was a problem with it.</returns>
    public static Patch? Read(JsonElement element, string path, ICollection<Problem> problems)
    {
        var before = problems.Count;
        if (PatchFields.Open(element, path, problems) is not { } fields || fields.Word<PatchOp>("op", "unknown_op") is not { } op)
        {
            return null;
        }

        var selector = op is PatchOp.Redirect or PatchOp.Css ? null : ReadSelector(fields, "selector");
        var arguments = ReadArguments(op, fields, problems);
        fields.RefuseOthers(PatchWords<PatchOp>.Of(op));
        return problems.Count == before ? new Patch(op, selector, arguments) : null;
    }

    /// <summary>Reads a list of patches, in the order in which they are to be applied.</summary>
    /// <param name="element">An array of at most <see cref="MaxPatches"/> patches.</param>
    /// <param name="path">Where it stands in the document that was sent: <c>patches</c>.</param>
    /// <param name="problems">Receives what is wrong, as <see cref="Read"/> tells it.</param>
    /// <returns>The patches, or null when there was a problem with one of them.</returns>
    public static IReadOnlyList<Patch>? ReadList(JsonElement element, string path, ICollection<Problem> problems)
    {
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() > MaxPatches)
        {
            var detail = string.Create(CultureInfo.InvariantCulture, $"Expected an array of at most {MaxPatches} patches.");
            problems.Add(new(path, "wrong_type", detail));
            return null;
        }

        var patches = element.EnumerateArray().Select((item, index) => Read(item, Problem.Under(path, index), problems)).ToList();
        return patches.Contains(null) ? null : patches.ConvertAll(patch => patch!);
    }

    /// <summary>Reads a selector that may be patched: one that does not ask for a protected element by its type.</summary>
    internal static Selector? ReadSelector(PatchFields fields, string name)
    {
        if (fields.Text(name, Selector.MaxLength) is not { } text)
        {
            return null;
        }

        if (!Selector.TryParse(text, out var selector, out var error))
        {
            fields.Refuse(name, "invalid_selector", error);
            return null;
        }

        var types = selector.Alternatives.Select(complex => complex.SubjectType);
        if (types.FirstOrDefault(type => type is not null && MarkupPolicy.IsProtected(type)) is { } type)
        {
            fields.Refuse(name, "protected_element", $"A <{type}> is out of reach of patches.");
        }

        return selector;
    }

    private static PatchArguments ReadArguments(PatchOp op, PatchFields fields, ICollection<Problem> problems) => op switch
    {
        PatchOp.SetText => new() { Text = fields.Text("text", MaxTextLength) },
        PatchOp.SetHtml or PatchOp.Replace => new() { Html = ReadHtml(fields, problems) },
        PatchOp.Insert => new() { Html = ReadHtml(fields, problems), Position = ReadPosition(fields) },
        PatchOp.Move => new() { Target = ReadSelector(fields, "target"), Position = ReadPosition(fields) },
        PatchOp.SetAttribute => ReadSetAttribute(fields, problems),
        PatchOp.RemoveAttribute => ReadRemoveAttribute(fields, problems),
        PatchOp.AddClass or PatchOp.RemoveClass => new() { Classes = ReadClasses(fields) },
        PatchOp.SetStyle => new()
        {
            Property = Explained(fields, "property", MaxValueLength, "css_refused", CssPolicy.ExplainProperty),
            Value = Explained(fields, "value", MaxValueLength, "css_refused", CssPolicy.ExplainValue),
            Important = fields.Flag("important"),
        },
        PatchOp.Redirect => new() { Url = Explained(fields, "url", MaxValueLength, "unsafe_url", UrlPolicy.ExplainRedirect) },
        PatchOp.Css => new() { Css = Explained(fields, "css", MaxTextLength, "css_refused", CssPolicy.ExplainSheet) },
        _ => new(),
    };

    internal static InsertPosition? ReadPosition(PatchFields fields) => fields.Word<InsertPosition>("position", "unknown_position");

    private static string? ReadHtml(PatchFields fields, ICollection<Problem> problems)
    {
        var html = fields.Text("html", MarkupPolicy.MaxLength);
        return html is not null && MarkupPolicy.Check(html, fields.PathOf("html"), problems) ? html : null;
    }

    private static PatchArguments ReadSetAttribute(PatchFields fields, ICollection<Problem> problems)
    {
        var (name, value) = (fields.Text("name", MaxValueLength), fields.Text("value", MaxTextLength));
        if (name is not null)
        {
            AttributePolicy.JudgeSet(name, value ?? "", fields.PathOf("name"), fields.PathOf("value"), problems);
        }

        return new() { Name = name, Value = value };
    }

    private static PatchArguments ReadRemoveAttribute(PatchFields fields, ICollection<Problem> problems)
    {
        var name = fields.Text("name", MaxValueLength);
        if (name is not null)
        {
            AttributePolicy.JudgeRemove(name, fields.PathOf("name"), problems);
        }

        return new() { Name = name };
    }

    private static List<string>? ReadClasses(PatchFields fields)
    {
        var classes = fields.Texts("classes", MaxClasses, 200);
        for (var i = 0; i < classes?.Count; i++)
        {
            if (classes[i].Length == 0 || classes[i].Any(character => char.IsWhiteSpace(character) || char.IsControl(character)))
            {
                fields.Refuse($"classes[{i}]", "invalid_class", "A class is one word: not empty, without blanks.");
            }
        }

        return classes;
    }

    private static string? Explained(PatchFields fields, string name, int maxLength, string code, Func<string, string?> explain)
    {
        var value = fields.Text(name, maxLength);
        if (value is not null && explain(value) is { } reason)
        {
            fields.Refuse(name, code, $"'{name}' is refused: {reason}.");
        }

        return value;
    }
}
