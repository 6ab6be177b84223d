using Personalization.Core.Decisions;
using Personalization.Core.Patches;

namespace Personalization.Api.Grpc;

/// <summary>Tells what is to change in a page.</summary>
internal static class PatchMessages
{
    /// <summary>Tells an experience's patches: those that never change, then the one made of the items.</summary>
    public static IEnumerable<V1.Patch> Write(Experience experience, IReadOnlyList<DecidedItem> items)
    {
        foreach (var patch in experience.Patches)
        {
            yield return Write(patch);
        }

        if (experience.Template?.Patch is { } template)
        {
            yield return new V1.Patch
            {
                Op = Of(template.Op),
                Selector = template.Selector.Text,
                Position = Of(template.Position),
                Html = template.Template.RenderHtml([.. items.Select(item => item.Item)]),
            };
        }
    }

    private static V1.Patch Write(Patch patch)
    {
        var arguments = patch.Arguments;
        var message = new V1.Patch
        {
            Op = Of(patch.Op),
            Classes = { arguments.Classes ?? [] },
            Important = arguments.Important,
            Position = Of(arguments.Position),
        };

        // An argument is there where the op names it; the message takes no null.
        if (patch.Selector is { } selector)
        {
            message.Selector = selector.Text;
        }

        if (arguments.Text is { } text)
        {
            message.Text = text;
        }

        if (arguments.Html is { } html)
        {
            message.Html = html;
        }

        if (arguments.Name is { } name)
        {
            message.Name = name;
        }

        if (arguments.Value is { } value)
        {
            message.Value = value;
        }

        if (arguments.Property is { } property)
        {
            message.Property = property;
        }

        if (arguments.Target is { } target)
        {
            message.Target = target.Text;
        }

        if (arguments.Url is { } url)
        {
            message.Url = url;
        }

        if (arguments.Css is { } css)
        {
            message.Css = css;
        }

        return message;
    }

    // Both enums go in one order, and the wire's begins with "unspecified".
    private static V1.PatchOp Of(PatchOp op) => (V1.PatchOp)(op + 1);

    private static V1.InsertPosition Of(InsertPosition? position) =>
        position is { } at ? (V1.InsertPosition)(at + 1) : V1.InsertPosition.Unspecified;
}
