using System.Text.Json;

namespace Personalization.Core.Conditions;

/// <summary>Compiles MongoDB-style conditions, as GrowthBook's SDKs evaluate them, into delegates.</summary>
/// <remarks>
/// <para>
/// A condition is a JSON object; all of its members must hold. A member is <c>$and</c>, <c>$or</c>, <c>$nor</c> (arrays of
/// conditions), <c>$not</c> (a condition), or the dotted path of an attribute with what is asked of it: a value to equal, or an
/// object of operators.
/// </para>
/// <para>
/// Operators: <c>$eq $ne $lt $lte $gt $gte $in $nin $ini $nini $exists $type $regex $regexi $not $elemMatch $size $all $alli
/// $inGroup $notInGroup $veq $vne $vgt $vgte $vlt $vlte</c>; an <c>i</c> at the end ignores case.
/// </para>
/// <para>
/// Source: GrowthBook SDK specification 0.8.0 and its reference, <c>packages/sdk-js/src/mongrule.ts</c>, with JavaScript's
/// conversions: a missing attribute is null, null is 0 where it meets a number, <c>"8"</c> is 8 where it meets one. Where the
/// reference answers false because the condition is faulty (an unknown operator, a malformed pattern, <c>$in</c> without an
/// array), the condition is refused instead. Three accidents of the reference are left out, and no published vector shows
/// them: nothing does not read as the text <c>null</c>, the order of an object's members does not count, and
/// <c>$elemMatch</c> does not skip the elements 0, false, null and the empty string.
/// </para>
/// </remarks>
public static class ConditionCompiler
{
    /// <summary>How many conditions and operators may lie inside one another.</summary>
    public const int MaxDepth = 32;

    /// <summary>How many parts (conditions, attributes, operators, elements of <c>$all</c>) one condition may have in all.</summary>
    public const int MaxNodes = 1_000;

    /// <summary>Compiles a condition.</summary>
    /// <typeparam name="TSource">What the condition is asked of.</typeparam>
    /// <param name="json">The condition. The document may be disposed of afterwards.</param>
    /// <param name="path">Where the condition is in the document sent; the start of each problem's path.</param>
    /// <param name="binder">Resolves the attributes.</param>
    /// <param name="problems">
    /// Receives everything that is wrong, each with the path of the fault: <c>unknown_operator</c>, <c>misplaced_operator</c>,
    /// <c>unknown_attribute</c>, <c>invalid_operand</c>, <c>invalid_regex</c>, <c>duplicate_member</c>, <c>too_deep</c>,
    /// <c>too_large</c>, <c>invalid_text</c>.
    /// </param>
    /// <param name="savedGroups">What <c>$inGroup</c> refers to. A group that it lacks is empty.</param>
    /// <returns>The condition, or null if there was a problem.</returns>
    public static Condition<TSource>? Compile<TSource>(
        JsonElement json,
        string path,
        IAttributeBinder<TSource> binder,
        ICollection<Problem> problems,
        SavedGroups? savedGroups = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(binder);
        ArgumentNullException.ThrowIfNull(problems);

        var compilation = new Compilation(path, problems, savedGroups);
        if (JsonText.FindMalformed(json, path) is { } malformed)
        {
            compilation.Refuse(malformed, "invalid_text", "The text is not well-formed Unicode.");
            return null;
        }

        var source = new SourceCompiler<TSource>(compilation, binder);
        var test = source.Condition(json, path, depth: 1);
        return compilation.Failed ? null : new Condition<TSource>(test, [.. source.Paths]);
    }
}
