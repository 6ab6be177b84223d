namespace Personalization.Core.Patches;

/// <summary>Parses the accepted subset of CSS selectors by recursive descent.</summary>
/// <remarks>A parse method returns null after it has set <see cref="Error"/>; the first error stands.</remarks>
internal sealed class SelectorParser(string text)
{
    private readonly SelectorScanner _scan = new(text);

    public string? Error => _scan.Error;

    public IReadOnlyList<ComplexSelector>? ParseList()
    {
        var alternatives = new List<ComplexSelector>();
        do
        {
            _scan.SkipBlanks();
            if (ParseComplex() is not { } complex)
            {
                return null;
            }

            alternatives.Add(complex);
        }
        while (_scan.Take(','));

        return _scan.AtEnd ? alternatives : _scan.Expected<IReadOnlyList<ComplexSelector>>("a combinator, a comma or the end");
    }

    private ComplexSelector? ParseComplex()
    {
        var steps = new List<SelectorStep>();
        var combinator = Combinator.None;
        do
        {
            if (ParseConditions() is not { } conditions)
            {
                return null;
            }

            steps.Add(new SelectorStep(combinator, conditions));
            combinator = ParseCombinator();
        }
        while (combinator != Combinator.None);

        return new ComplexSelector(steps);
    }

    private Combinator ParseCombinator()
    {
        var blank = _scan.SkipBlanks();
        var combinator = _scan.Current switch
        {
            '>' => Combinator.Child,
            '+' => Combinator.NextSibling,
            '~' => Combinator.LaterSibling,
            ',' or '\0' => Combinator.None,
            _ => blank ? Combinator.Descendant : Combinator.None,
        };
        if (combinator is Combinator.Child or Combinator.NextSibling or Combinator.LaterSibling)
        {
            _scan.Skip();
            _scan.SkipBlanks();
        }

        return combinator;
    }

    private List<SimpleSelector>? ParseConditions()
    {
        var conditions = new List<SimpleSelector>();
        while (conditions.Count == 0 || _scan.Current is '#' or '.' or '[' or ':')
        {
            if (ParseSimple() is not { } condition)
            {
                return null;
            }

            conditions.Add(condition);
        }

        return conditions;
    }

    private SimpleSelector? ParseSimple()
    {
        switch (_scan.Current)
        {
            case '#':
                _scan.Skip();
                return _scan.Identifier("an id after '#'") is { } id ? new IdSelector(id) : null;
            case '.':
                _scan.Skip();
                return _scan.Identifier("a class after '.'") is { } name ? new ClassSelector(name) : null;
            case '[':
                _scan.Skip();
                return ParseAttribute();
            case ':':
                _scan.Skip();
                return ParsePseudo();
            default:
                return _scan.Identifier("an element type, '#', '.', '[' or ':'") is { } type ? new TypeSelector(Lower(type)) : null;
        }
    }

    private AttributeSelector? ParseAttribute()
    {
        _scan.SkipBlanks();
        if (_scan.Identifier("an attribute's name after '['") is not { } name)
        {
            return null;
        }

        _scan.SkipBlanks();
        if (_scan.Take(']'))
        {
            return new AttributeSelector(Lower(name), AttributeComparison.Present, "");
        }

        var comparison = _scan.Current switch
        {
            '^' => AttributeComparison.Prefix,
            '$' => AttributeComparison.Suffix,
            '*' => AttributeComparison.Substring,
            '~' => AttributeComparison.Word,
            '|' => AttributeComparison.Language,
            _ => AttributeComparison.Equal,
        };
        if (comparison != AttributeComparison.Equal)
        {
            _scan.Skip();
        }

        if (!_scan.Take('='))
        {
            return _scan.Expected<AttributeSelector>("']' or one of = ^= $= *= ~= |=");
        }

        _scan.SkipBlanks();
        var value = _scan.Current is '"' or '\'' ? _scan.QuotedString() : _scan.Identifier("a quoted string or an identifier");
        _scan.SkipBlanks();
        return value is null ? null
            : _scan.Take(']') ? new AttributeSelector(Lower(name), comparison, value)
            : _scan.Expected<AttributeSelector>("']'");
    }

    private SimpleSelector? ParsePseudo()
    {
        const string Known = "first-child, last-child, nth-child( or not( after ':'";
        var at = _scan.Position;
        switch (_scan.Identifier(Known) is { } name ? Lower(name) : null)
        {
            case null:
                return null;
            case "first-child":
                return new NthChildSelector(0, 1);
            case "last-child":
                return new LastChildSelector();
            case "nth-child" when _scan.Take('('):
                return Closed(_scan.NthFormula());
            case "not" when _scan.Take('('):
                return ParseNot();
            default:
                return _scan.Expected<SimpleSelector>(Known, at);
        }
    }

    private NotSelector? ParseNot()
    {
        _scan.SkipBlanks();
        var at = _scan.Position;
        return ParseSimple() switch
        {
            null => null,
            NotSelector => _scan.Expected<NotSelector>("one condition that is not itself a :not()", at),
            var negated => Closed(new NotSelector(negated)),
        };
    }

    private T? Closed<T>(T? inner)
        where T : class
    {
        _scan.SkipBlanks();
        return inner is null || _scan.Take(')') ? inner : _scan.Expected<T>("')'");
    }

    // CSS folds ASCII letters only: the Kelvin sign is another name than 'k'.
    private static string Lower(string name) =>
        string.Concat(name.Select(character => char.IsAsciiLetterUpper(character) ? (char)(character | 0x20) : character));
}
