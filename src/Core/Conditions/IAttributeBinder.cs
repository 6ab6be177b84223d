namespace Personalization.Core.Conditions;

/// <summary>Reads one attribute of a source.</summary>
/// <typeparam name="TSource">What conditions are asked of: a profile, an item, a JSON document.</typeparam>
/// <param name="source">The source to read.</param>
/// <returns>The value, or <see cref="AttributeValue.Missing"/> where this source has none.</returns>
public delegate AttributeValue AttributeReader<in TSource>(TSource source);

/// <summary>
/// The port by which whatever has attributes lets conditions read them: names are resolved once, when a condition is compiled.
/// </summary>
/// <typeparam name="TSource">What conditions are asked of: a profile, an item, a JSON document.</typeparam>
public interface IAttributeBinder<TSource>
{
    /// <summary>Resolves an attribute.</summary>
    /// <param name="path">The name as the condition writes it, dots included: <c>device.type</c>.</param>
    /// <param name="problem">
    /// Where the answer is null: one sentence for the condition's author that says why, or null for a sentence that only says
    /// that there is no such attribute.
    /// </param>
    /// <returns>A reader that does not throw and is safe for concurrent use, or null if no source can have this attribute.</returns>
    AttributeReader<TSource>? Bind(string path, out string? problem);
}
