using System.Globalization;
using Personalization.Core.Conditions;

namespace Personalization.Core.Predictions;

/// <summary>One input of a <see cref="LogisticModel"/>: a feature, how it becomes a number, and what that number weighs.</summary>
/// <remarks>
/// The number is the feature's own, 1 or 0 for a truth, or 1 where the feature <see cref="Is"/> a certain value and else 0; it is
/// <see cref="Log">taken to its logarithm</see>, and standardised: (number - <see cref="Mean"/>) / <see cref="Scale"/>. A number that is
/// missing counts as the mean; a category that is missing is none.
/// </remarks>
public sealed record LogisticInput
{
    private readonly double _is = double.NaN;
    private readonly string? _isText;

    /// <summary>Gets the feature's name.</summary>
    public required string Feature { get; init; }

    /// <summary>Gets the category that counts 1, any other 0; null for a feature that is a number. A number's category is its shortest decimal.</summary>
    public string? Is
    {
        get => _isText;
        init => (_isText, _is) = (value, double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN);
    }

    /// <summary>Gets whether ln(1 + number) is used, of numbers from 0 on, rather than the number.</summary>
    public bool Log { get; init; }

    /// <summary>Gets the mean over the rows trained on.</summary>
    public double Mean { get; init; }

    /// <summary>Gets the standard deviation over the rows trained on; above 0.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Gets the weight of the standardised number.</summary>
    public double Coefficient { get; init; }

    /// <summary>Gives the number a value stands for, before it is standardised; NaN where it is missing or no number.</summary>
    public double NumberOf(AttributeValue value)
    {
        var number = value.Kind switch
        {
            AttributeKind.Number => _isText is null ? value.Number : value.Number.Equals(_is) ? 1 : 0,
            AttributeKind.Boolean => _isText is null ? (value.Boolean ? 1 : 0) : (value.Boolean ? "true" : "false") == _isText ? 1 : 0,
            AttributeKind.Text when _isText is not null => value.Text == _isText ? 1 : 0,
            _ => _isText is null ? double.NaN : 0,
        };
        return Log ? Math.Log(1 + Math.Max(0, number)) : number;
    }

    /// <summary>Gives what a value adds to the log-odds.</summary>
    public double Contribution(AttributeValue value)
    {
        var number = NumberOf(value);
        return double.IsFinite(number) ? Coefficient * (number - Mean) / Scale : 0;
    }
}
