using System.Text.Json;

namespace Personalization.Core.Conditions;

/// <summary>Compiles conditions: which attributes of a source, and how their answers are joined.</summary>
internal sealed class SourceCompiler<TSource>(Compilation compilation, IAttributeBinder<TSource> binder)
{
    private static readonly string[] Operators = ["$and", "$or", "$nor", "$not"];

    private readonly List<string> _paths = [];

    /// <summary>Gets the attributes bound so far, each once.</summary>
    public IReadOnlyList<string> Paths => _paths;

    /// <summary>Compiles a condition. After a problem the answer is a stand-in.</summary>
    public Predicate<TSource> Condition(JsonElement json, string path, int depth)
    {
        if (!compilation.Enter(path, depth))
        {
            return Never;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            compilation.Refuse(path, "invalid_operand", "A condition is an object of attributes and operators.");
            return Never;
        }

        var tests = new List<Predicate<TSource>>();
        foreach (var (member, at) in compilation.Members(json, path, depth))
        {
            tests.Add(member.Name switch
            {
                "$and" => All(Branches(member, at, depth)),
                "$or" => AnyOrEmpty(Branches(member, at, depth)),
                "$nor" => Not(AnyOrEmpty(Branches(member, at, depth))),
                "$not" => Not(Condition(member.Value, at, depth + 1)),
                _ => Attribute(member, at, depth),
            });
        }

        return All([.. tests]);
    }

    private Predicate<TSource>[] Branches(JsonProperty member, string path, int depth)
    {
        if (member.Value.ValueKind != JsonValueKind.Array)
        {
            compilation.Refuse(path, "invalid_operand", $"'{member.Name}' takes an array of conditions.");
            return [];
        }

        return [.. member.Value.EnumerateArray().Select((branch, i) => Condition(branch, Problem.Under(path, i), depth + 1))];
    }

    private Predicate<TSource> Attribute(JsonProperty member, string path, int depth)
    {
        if (IsNoAttribute(member.Name, path))
        {
            return Never;
        }

        var read = binder.Bind(member.Name, out var problem);
        if (read is null)
        {
            RefuseAttribute(member.Name, path, problem);
        }
        else if (!_paths.Contains(member.Name))
        {
            _paths.Add(member.Name);
        }

        var test = new ValueCompiler(compilation).Test(member.Value, path, depth + 1);
        return read is null ? Never : source => test(read(source));
    }

    // Attributes may begin with a dollar sign (GrowthBook's vectors have "$groups"), so only what is nearly an operator is
    // refused before the binder is asked.
    private bool IsNoAttribute(string name, string path)
    {
        if (ValueCompiler.IsOperator(name))
        {
            compilation.Refuse(path, "misplaced_operator", $"'{name}' is asked of an attribute: {{\"attribute\": {{\"{name}\": …}}}}.");
            return true;
        }

        if (name.StartsWith('$') && Operators.Any(candidate => NearestName.Distance(name, candidate) == 1))
        {
            RefuseOperator(name, path);
            return true;
        }

        return false;
    }

    private void RefuseAttribute(string name, string path, string? problem)
    {
        if (name.StartsWith('$') && problem is null)
        {
            RefuseOperator(name, path);
        }
        else
        {
            compilation.Refuse(path, "unknown_attribute", problem ?? $"There is no attribute '{name}'.");
        }
    }

    private void RefuseOperator(string name, string path) => compilation.Refuse(
        path,
        "unknown_operator",
        $"There is no operator '{name}'; the nearest is '{NearestName.Of(name, Operators)}'.");

    private static bool Never(TSource source) => false;

    private static Predicate<TSource> Not(Predicate<TSource> test) => source => !test(source);

    private static Predicate<TSource> All(Predicate<TSource>[] tests)
    {
        return tests switch
        {
            [] => static _ => true,
            [var only] => only,
            [var first, var second] => source => first(source) && second(source),
            _ => AllOfMany,
        };

        bool AllOfMany(TSource source)
        {
            foreach (var test in tests)
            {
                if (!test(source))
                {
                    return false;
                }
            }

            return true;
        }
    }

    // GrowthBook: an empty list of alternatives is met.
    private static Predicate<TSource> AnyOrEmpty(Predicate<TSource>[] tests)
    {
        return tests switch
        {
            [] => static _ => true,
            [var only] => only,
            [var first, var second] => source => first(source) || second(source),
            _ => AnyOfMany,
        };

        bool AnyOfMany(TSource source)
        {
            foreach (var test in tests)
            {
                if (test(source))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
