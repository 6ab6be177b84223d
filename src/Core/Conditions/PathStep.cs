using System.Globalization;

namespace Personalization.Core.Conditions;

/// <summary>How a step of a dotted path looks into an array.</summary>
internal static class PathStep
{
    /// <summary>The step that gives an array's number of elements.</summary>
    public const string Length = "length";

    /// <summary>Gives the index that a step names, or -1. Only the plain spelling is one: <c>7</c>, not <c>07</c> or <c>+7</c>.</summary>
    public static int Index(string step) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        && (step.Length == 1 || step[0] != '0')
            ? index
            : -1;
}
