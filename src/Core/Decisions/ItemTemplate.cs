using System.Runtime.CompilerServices;
using Personalization.Core.Catalog;
using Personalization.Core.Patches;

namespace Personalization.Core.Decisions;

/// <summary>A template patch with the fragment of every item it has shown, so that a decision copies bytes and renders nothing twice.</summary>
public sealed class ItemTemplate
{
    // Weak keys: the fragment of an item that the catalog replaced goes with it.
    private readonly ConditionalWeakTable<Item, byte[]> _fragments = [];

    /// <summary>Makes it of a compiled patch.</summary>
    public ItemTemplate(TemplatePatch<Item> patch) => Patch = patch;

    /// <summary>Gets the patch.</summary>
    public TemplatePatch<Item> Patch { get; }

    /// <summary>Gives an item's fragment: UTF-8, escaped as the content of a JSON string.</summary>
    public ReadOnlySpan<byte> Fragment(Item item) =>
        _fragments.TryGetValue(item, out var fragment)
            ? fragment
            : _fragments.GetValue(item, Patch.Template.RenderItem);
}
