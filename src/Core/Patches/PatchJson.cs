using System.Buffers;
using System.Text;

namespace Personalization.Core.Patches;

/// <summary>Writes the JSON of a patch, members in one fixed order.</summary>
internal sealed class PatchJson
{
    private readonly ArrayBufferWriter<byte> _output = new(256);

    private PatchJson(PatchOp op, Selector? selector)
    {
        Raw($"{{\"op\":\"{PatchWords<PatchOp>.Of(op)}\"");
        Member("selector", selector?.Text);
    }

    public static byte[] Write(PatchOp op, Selector? selector, PatchArguments arguments)
    {
        var json = new PatchJson(op, selector);
        json.Member("name", arguments.Name);
        json.Member("property", arguments.Property);
        json.Member("value", arguments.Value);
        json.Member("target", arguments.Target?.Text);
        json.Position(arguments.Position);
        json.Classes(arguments.Classes);
        json.Raw(arguments.Important ? ",\"important\":true" : "");
        json.Member("text", arguments.Text);
        json.Member("url", arguments.Url);
        json.Member("css", arguments.Css);
        json.Member("html", arguments.Html);
        json.Raw("}");
        return json._output.WrittenSpan.ToArray();
    }

    /// <summary>Writes everything up to and with the quote that opens the value of <c>html</c>, which is always the last member.</summary>
    public static byte[] WriteUpToHtml(PatchOp op, Selector selector, InsertPosition? position)
    {
        var json = new PatchJson(op, selector);
        json.Position(position);
        json.Raw(",\"html\":\"");
        return json._output.WrittenSpan.ToArray();
    }

    private void Position(InsertPosition? position) => Member("position", position is { } at ? PatchWords<InsertPosition>.Of(at) : null);

    private void Member(string name, string? value)
    {
        if (value is not null)
        {
            Raw($",\"{name}\":\"");
            JsonText.Escape(value, _output);
            Raw("\"");
        }
    }

    private void Classes(IReadOnlyList<string>? classes)
    {
        if (classes is null)
        {
            return;
        }

        Raw(",\"classes\":[");
        for (var i = 0; i < classes.Count; i++)
        {
            Raw(i == 0 ? "\"" : ",\"");
            JsonText.Escape(classes[i], _output);
            Raw("\"");
        }

        Raw("]");
    }

    private void Raw(string text) => Encoding.UTF8.GetBytes(text, _output);
}
