using System.Text.Json;

namespace Personalization.Core.Patches;

/// <summary>Reads patches whose <c>html</c> is a template. Everything that is wrong is told at once, each with its path.</summary>
public static class TemplatePatchReader
{
    /// <summary>Reads one patch: <c>{"op":"setHtml"|"insert"|"replace","selector","html","position"?}</c>.</summary>
    /// <typeparam name="TItem">What is rendered.</typeparam>
    /// <param name="element">The patch.</param>
    /// <param name="path">Where it stands in the document that was sent: <c>patches[2]</c>.</param>
    /// <param name="bindField">Gives the reader of an item's field by its name, or null when there is no such field.</param>
    /// <param name="problems">
    /// Receives what is wrong: the codes of <see cref="PatchReader.Read"/> and <see cref="HtmlTemplate.Compile"/>, and
    /// <c>op_without_html</c>.
    /// </param>
    /// <returns>The patch, or null when there was a problem with it.</returns>
    public static TemplatePatch<TItem>? Read<TItem>(
        JsonElement element, string path, Func<string, Func<TItem, string?>?> bindField, ICollection<Problem> problems)
    {
        var before = problems.Count;
        if (PatchFields.Open(element, path, problems) is not { } fields || fields.Word<PatchOp>("op", "unknown_op") is not { } op)
        {
            return null;
        }

        if (op is not (PatchOp.SetHtml or PatchOp.Insert or PatchOp.Replace))
        {
            fields.Refuse("op", "op_without_html", "A template needs one of setHtml, insert, replace.");
            return null;
        }

        var selector = PatchReader.ReadSelector(fields, "selector");
        var html = fields.Text("html", MarkupPolicy.MaxLength);
        var template = html is null ? null : HtmlTemplate.Compile(html, fields.PathOf("html"), bindField, problems);
        var position = op == PatchOp.Insert ? PatchReader.ReadPosition(fields) : null;
        fields.RefuseOthers(PatchWords<PatchOp>.Of(op));
        return problems.Count == before ? new TemplatePatch<TItem>(op, selector!, position, template!) : null;
    }
}
