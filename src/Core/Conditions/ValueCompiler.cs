using System.Text.Json;

namespace Personalization.Core.Conditions;

/// <summary>Compiles what a condition asks of one value: equality, or an object of operators.</summary>
internal sealed class ValueCompiler(Compilation compilation)
{
    private static readonly string[] Operators =
    [
        "$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$in", "$nin", "$ini", "$nini", "$exists", "$type", "$regex", "$regexi", "$not",
        "$elemMatch", "$size", "$all", "$alli", "$inGroup", "$notInGroup", "$veq", "$vne", "$vgt", "$vgte", "$vlt", "$vlte",
    ];

    /// <summary>Tells whether a name is an operator on values and on nothing else.</summary>
    public static bool IsOperator(string name) => name != "$not" && Operators.Contains(name);

    /// <summary>Compiles a test. After a problem the answer is a stand-in.</summary>
    public ValueTest Test(JsonElement json, string path, int depth)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.EnumerateObject().Any(IsDollar))
        {
            return ValueTests.EqualTo(AttributeValue.FromJson(json));
        }

        var tests = new List<ValueTest>();
        foreach (var (member, at) in compilation.Members(json, path, depth))
        {
            tests.Add(Operator(member.Name, member.Value, at, depth));
        }

        return tests switch
        {
            [var only] => only,
            [var first, var second] => (in AttributeValue value) => first(value) && second(value),
            _ => ValueTests.All([.. tests]),
        };
    }

    private ValueTest Operator(string name, JsonElement operand, string path, int depth) => name switch
    {
        "$eq" => Scalar(operand, path, ValueTests.Is),
        "$ne" => Not(Scalar(operand, path, ValueTests.Is)),
        "$lt" => Ordered(operand, path, order => order < 0),
        "$lte" => Ordered(operand, path, order => order <= 0),
        "$gt" => Ordered(operand, path, order => order > 0),
        "$gte" => Ordered(operand, path, order => order >= 0),
        "$in" => In(operand, path, depth, ignoreCase: false),
        "$ini" => In(operand, path, depth, ignoreCase: true),
        "$nin" => Not(In(operand, path, depth, ignoreCase: false)),
        "$nini" => Not(In(operand, path, depth, ignoreCase: true)),
        "$inGroup" => Group(operand, path),
        "$notInGroup" => Not(Group(operand, path)),
        "$exists" => Exists(operand, path),
        "$type" => Type(operand, path),
        "$regex" => Pattern(operand, path, ignoreCase: false),
        "$regexi" => Pattern(operand, path, ignoreCase: true),
        "$not" => Not(Test(operand, path, depth + 1)),
        "$elemMatch" => ElementMatch(operand, path, depth),
        "$size" => Size(operand, path, depth),
        "$all" => Each(operand, path, depth, ignoreCase: false),
        "$alli" => Each(operand, path, depth, ignoreCase: true),
        "$veq" => Version(operand, path, order => order == 0),
        "$vne" => Version(operand, path, order => order != 0),
        "$vlt" => Version(operand, path, order => order < 0),
        "$vlte" => Version(operand, path, order => order <= 0),
        "$vgt" => Version(operand, path, order => order > 0),
        "$vgte" => Version(operand, path, order => order >= 0),
        "$and" or "$or" or "$nor" => Refuse(
            path,
            "misplaced_operator",
            $"'{name}' joins conditions and cannot be asked of a value; put it around the attribute."),
        _ when name.StartsWith('$') => Refuse(
            path,
            "unknown_operator",
            $"There is no operator '{name}'; the nearest is '{NearestName.Of(name, Operators)}'."),
        _ => Refuse(
            path,
            "invalid_operand",
            $"'{name}' is beside operators: an object is either all operators or a value to equal."),
    };

    private ValueTest Scalar(JsonElement operand, string path, Func<AttributeValue, ValueTest> test) =>
        operand.ValueKind is JsonValueKind.Array or JsonValueKind.Object
            ? Refuse(
                path,
                "invalid_operand",
                "A string, a number, a boolean or null is wanted; to equal an array or object leave the operator out.")
            : test(AttributeValue.FromJson(operand));

    private ValueTest Ordered(JsonElement operand, string path, Func<int, bool> holds) =>
        operand.ValueKind is not (JsonValueKind.Number or JsonValueKind.String)
            ? Refuse(path, "invalid_operand", "A number or a string is wanted.")
            : ValueTests.Ordered(AttributeValue.FromJson(operand), holds);

    private ValueTest Version(JsonElement operand, string path, Func<int, bool> holds) =>
        operand.ValueKind is not (JsonValueKind.Number or JsonValueKind.String)
            ? Refuse(path, "invalid_operand", "A version such as \"1.2.3\" is wanted.")
            : ValueTests.Version(AttributeValue.FromJson(operand), holds);

    private ValueTest In(JsonElement operand, string path, int depth, bool ignoreCase)
    {
        if (operand.ValueKind != JsonValueKind.Array)
        {
            return Refuse(path, "invalid_operand", "An array of strings, numbers, booleans or nulls is wanted.");
        }

        var index = 0;
        foreach (var element in operand.EnumerateArray())
        {
            var at = Problem.Under(path, index++);
            if (element.ValueKind is JsonValueKind.Array or JsonValueKind.Object && compilation.Enter(at, depth))
            {
                Refuse(at, "invalid_operand", "A string, a number, a boolean or null is wanted.");
            }
        }

        return new ScalarSet([.. operand.EnumerateArray().Select(AttributeValue.FromJson)], ignoreCase).ContainsAny;
    }

    private ValueTest Group(JsonElement operand, string path) =>
        operand.ValueKind != JsonValueKind.String
            ? Refuse(path, "invalid_operand", "The name of a saved group is wanted.")
            : compilation.Group(operand.GetString()!).ContainsAny;

    private ValueTest Exists(JsonElement operand, string path) => operand.ValueKind switch
    {
        JsonValueKind.True => static (in AttributeValue value) => !value.IsNothing,
        JsonValueKind.False => static (in AttributeValue value) => value.IsNothing,
        _ => Refuse(path, "invalid_operand", "True or false is wanted."),
    };

    private ValueTest Type(JsonElement operand, string path)
    {
        var name = operand.ValueKind == JsonValueKind.String ? operand.GetString() : null;
        AttributeKind? kind = name switch
        {
            "null" => AttributeKind.Null,
            "boolean" => AttributeKind.Boolean,
            "number" => AttributeKind.Number,
            "string" => AttributeKind.Text,
            "array" => AttributeKind.Array,
            "object" => AttributeKind.Object,
            _ => null,
        };

        return kind switch
        {
            null => Refuse(
                path,
                "invalid_operand",
                "One of \"string\", \"number\", \"boolean\", \"null\", \"array\", \"object\" is wanted."),
            AttributeKind.Null => static (in AttributeValue value) => value.IsNothing,
            _ => (in AttributeValue value) => value.Kind == kind,
        };
    }

    private ValueTest Pattern(JsonElement operand, string path, bool ignoreCase)
    {
        if (operand.ValueKind != JsonValueKind.String)
        {
            return Refuse(path, "invalid_operand", "A pattern as a string is wanted.");
        }

        return EcmaPattern.TryCreate(operand.GetString()!, ignoreCase, out var fault) is { } pattern
            ? ValueTests.Matches(pattern)
            : Refuse(path, "invalid_regex", fault);
    }

    private ValueTest ElementMatch(JsonElement operand, string path, int depth)
    {
        if (operand.ValueKind != JsonValueKind.Object)
        {
            return Refuse(path, "invalid_operand", "An object is wanted: operators for the elements, or a condition on them.");
        }

        if (operand.EnumerateObject().Any() && operand.EnumerateObject().All(IsDollar))
        {
            return ValueTests.AnyElement(Test(operand, path, depth + 1));
        }

        var condition = new SourceCompiler<AttributeValue>(compilation, AttributeValueBinder.Instance).Condition(operand, path, depth + 1);
        return ValueTests.AnyElement((in AttributeValue element) => condition(element));
    }

    private ValueTest Size(JsonElement operand, string path, int depth)
    {
        var isOperators = operand.ValueKind == JsonValueKind.Object && operand.EnumerateObject().Any(IsDollar);
        if (operand.ValueKind != JsonValueKind.Number && !isOperators)
        {
            return Refuse(path, "invalid_operand", "A number is wanted, or an object of operators for the number of elements.");
        }

        var test = Test(operand, path, depth + 1);
        return (in AttributeValue value) => value.Kind == AttributeKind.Array && test(AttributeValue.From(value.Count));
    }

    private ValueTest Each(JsonElement operand, string path, int depth, bool ignoreCase)
    {
        if (operand.ValueKind != JsonValueKind.Array)
        {
            return Refuse(path, "invalid_operand", "An array is wanted: what must be found among the elements.");
        }

        var wanted = new List<ValueTest>();
        var index = 0;
        foreach (var element in operand.EnumerateArray())
        {
            var at = Problem.Under(path, index++);
            if (compilation.Enter(at, depth))
            {
                wanted.Add(ValueTests.AnyElement(
                    ignoreCase && element.ValueKind == JsonValueKind.String
                        ? ValueTests.EqualsIgnoringCase(element.GetString()!)
                        : Test(element, at, depth + 1)));
            }
        }

        var all = ValueTests.All([.. wanted]);
        return (in AttributeValue value) => value.Kind == AttributeKind.Array && all(value);
    }

    private ValueTest Refuse(string path, string code, string detail)
    {
        compilation.Refuse(path, code, detail);
        return static (in _) => false;
    }

    private static bool IsDollar(JsonProperty member) => member.Name.StartsWith('$');

    private static ValueTest Not(ValueTest test) => (in AttributeValue value) => !test(value);
}
