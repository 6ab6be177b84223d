namespace Personalization.Core.Patches;

/// <summary>Compiles templates.</summary>
public static class HtmlTemplate
{
    /// <summary>Compiles a template: HTML with a logic-less subset of mustache that renders a list of items.</summary>
    /// <remarks>
    /// <para>One <c>{{#items}}…{{/items}}</c> is repeated for every item; any number of <c>{{^items}}…{{/items}}</c> are shown when
    /// there are none. Inside the loop <c>{{field}}</c> writes a field of the item, <c>{{#field}}…{{/field}}</c> shows something when
    /// the field is not empty and <c>{{^field}}…{{/field}}</c> when it is null or empty. <c>{{! comment}}</c> is dropped.
    /// Unescaped output, partials and other delimiters are refused. Blanks are kept as they are.</para>
    /// <para>A field stands in text or in a quoted attribute value, and is escaped for it. An attribute that is an address is judged
    /// as a whole when it is rendered, by the rules of <see cref="MarkupPolicy"/>; when it is refused, <c>about:invalid</c> stands in its
    /// place. So it is when <c>/{{path}}</c> would name another site. A section encloses whole elements, or a part of one value.</para>
    /// </remarks>
    /// <typeparam name="TItem">What is rendered.</typeparam>
    /// <param name="html">The template, at most <see cref="MarkupPolicy.MaxLength"/> characters.</param>
    /// <param name="path">Where it stands in the document that was sent.</param>
    /// <param name="bindField">Gives the reader of a field by its name, or null when there is no such field. Asked once a name.</param>
    /// <param name="problems">
    /// Receives what is wrong: the codes of <see cref="MarkupPolicy.Check"/> and <c>malformed_template</c>, <c>template_tag_refused</c>,
    /// <c>placeholder_refused</c>, <c>field_outside_items</c>, <c>missing_items</c>, <c>several_loops</c>, <c>unknown_field</c>.
    /// </param>
    /// <returns>The template, or null when there was a problem with it.</returns>
    public static HtmlTemplate<TItem>? Compile<TItem>(
        string html, string path, Func<string, Func<TItem, string?>?> bindField, ICollection<Problem> problems)
    {
        if (html.Length > MarkupPolicy.MaxLength)
        {
            problems.Add(MarkupPolicy.TooLong(path));
            return null;
        }

        var template = TemplateScanner.Through(html);
        var faults = new List<MarkupFault>(template.Faults);
        var fields = Bind(template, bindField, faults);

        // Where tags are missing or do not pair, sections would be told to be at fault that are not.
        var walk = template.Faults.Count == 0 ? MarkupWalk.Through(template.Markup, isTemplate: true) : null;
        MarkupPolicy.Report(faults, at => at, path, problems);
        MarkupPolicy.Report(walk?.Faults ?? [], template.ToSource, path, problems);
        return walk is { Faults.Count: 0 } && faults.Count == 0 ? TemplateBuilder<TItem>.Build(template, walk.Values, fields) : null;
    }

    private static Dictionary<string, Func<TItem, string?>> Bind<TItem>(
        TemplateScanner template, Func<string, Func<TItem, string?>?> bindField, List<MarkupFault> faults)
    {
        var fields = new Dictionary<string, Func<TItem, string?>>();
        foreach (var name in template.Tags.Where(tag => tag.Name != TemplateScanner.Items).GroupBy(tag => tag.Name))
        {
            if (bindField(name.Key) is { } field)
            {
                fields.Add(name.Key, field);
            }
            else
            {
                faults.Add(new("unknown_field", name.First().At, $"items have no field '{name.Key}'"));
            }
        }

        return fields;
    }
}
