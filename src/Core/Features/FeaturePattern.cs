namespace Personalization.Core.Features;

/// <summary>The names of a family: <c>events.&lt;type&gt;.&lt;window&gt;</c>, parts joined by dots, some of them parameters.</summary>
/// <remarks>A parameter without choices may take several parts, because event types and categories may hold dots.</remarks>
public sealed class FeaturePattern
{
    private readonly string _text;
    private readonly string[] _parts;
    private readonly FeatureParameter?[] _parameters;

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The pattern.</param>
    /// <param name="parameters">Its parameters, in the order they stand in.</param>
    /// <exception cref="ArgumentException">The parameters are not those in the text.</exception>
    public FeaturePattern(string text, IReadOnlyList<FeatureParameter> parameters)
    {
        _text = text;
        _parts = text.Split('.');
        _parameters = new FeatureParameter?[_parts.Length];
        Parameters = parameters;
        var next = 0;
        for (var i = 0; i < _parts.Length; i++)
        {
            if (_parts[i].StartsWith('<'))
            {
                _parameters[i] = next < parameters.Count && _parts[i] == $"<{parameters[next].Name}>"
                    ? parameters[next++]
                    : throw new ArgumentException($"The pattern {text} has a parameter {_parts[i]} that is not given.", nameof(parameters));
            }
        }

        if (next != parameters.Count)
        {
            throw new ArgumentException($"The pattern {text} lacks a parameter that is given.", nameof(parameters));
        }
    }

    /// <summary>Gets the parameters, in the order they stand in.</summary>
    public IReadOnlyList<FeatureParameter> Parameters { get; }

    /// <summary>Finds the arguments of a name; null where it is none of this pattern's.</summary>
    public IReadOnlyList<string>? Match(string name)
    {
        var arguments = new List<string>(Parameters.Count);
        return Match(name.Split('.'), 0, 0, arguments) ? arguments : null;
    }

    /// <summary>Makes the name that has these arguments.</summary>
    public string Format(IReadOnlyList<string> arguments)
    {
        var next = 0;
        return string.Join('.', _parts.Select((part, i) => _parameters[i] is null ? part : arguments[next++]));
    }

    /// <summary>Makes the name of this pattern that is written most like another one; null where none is alike enough to tell.</summary>
    /// <param name="name">The name that was meant to be one of this pattern's.</param>
    /// <param name="choose">Chooses the value of a parameter that is most like what was written in its place.</param>
    internal string? Nearest(string name, Func<FeatureParameter, string, string?> choose)
    {
        var written = name.Split('.');
        var made = new List<string>(_parts.Length);
        var at = 0;
        for (var i = 0; i < _parts.Length; i++)
        {
            // What a free parameter may take more than one of stands before what must follow it.
            var left = _parts.Length - i - 1;
            var isFree = _parameters[i] is { Choices: null };
            var take = isFree ? Math.Max(1, written.Length - at - left) : 1;
            var here = at < written.Length ? string.Join('.', written.Skip(at).Take(take)) : "";
            at += take;
            if (_parameters[i] is null)
            {
                made.Add(_parts[i]);
            }
            else if (choose(_parameters[i]!, here) is { } value)
            {
                made.Add(value);
            }
            else
            {
                return null;
            }
        }

        return string.Join('.', made);
    }

    /// <inheritdoc/>
    public override string ToString() => _text;

    private bool Match(string[] name, int at, int part, List<string> arguments)
    {
        if (part == _parts.Length)
        {
            return at == name.Length;
        }

        if (at == name.Length)
        {
            return false;
        }

        if (_parameters[part] is not { } parameter)
        {
            return name[at] == _parts[part] && Match(name, at + 1, part + 1, arguments);
        }

        if (parameter.Choices is { } choices)
        {
            return choices.Contains(name[at]) && MatchWith(name[at], at + 1);
        }

        // The longest first: only what must follow is left over.
        for (var end = name.Length - (_parts.Length - part - 1); end > at; end--)
        {
            var value = string.Join('.', name[at..end]);
            if (value.Length > 0 && MatchWith(value, end))
            {
                return true;
            }
        }

        return false;

        bool MatchWith(string value, int next)
        {
            arguments.Add(value);
            if (Match(name, next, part + 1, arguments))
            {
                return true;
            }

            arguments.RemoveAt(arguments.Count - 1);
            return false;
        }
    }
}
