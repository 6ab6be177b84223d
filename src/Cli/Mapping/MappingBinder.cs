using System.Globalization;
using System.Text.Json;
using Personalization.Cli.Yaml;
using YamlDotNet.RepresentationModel;

namespace Personalization.Cli.Mapping;

/// <summary>Compiles a mapping against the columns of one file, so that a row costs no look-ups by name.</summary>
internal sealed class MappingBinder(YamlSection root, IReadOnlyList<string> columns)
{
    private static readonly string[] Numbers = ["price", "quantity", "value", "stock", "margin"];
    private readonly List<string> _names = [.. columns];

    public RowMapper Bind()
    {
        var derived = BindDerived();
        var mapped = root.Section(root.Get("event"), "'event'")
            .Allowing("messageId", "type", "timestamp", "anonymousId", "userId", "consent", "properties");
        if (mapped.Find("anonymousId") is null && mapped.Find("userId") is null)
        {
            throw root.Wrong(root.Get("event"), "An event is done by somebody: 'anonymousId', 'userId' or both are needed.");
        }

        return new RowMapper(columns.Count, derived, BindEvent(mapped), BindItem());
    }

    public OutcomeMapper BindTraining()
    {
        var derived = BindDerived();
        var training = root.Section(root.Get("training"), "'training'").Allowing("outcome", "features");
        var features = root.Section(training.Get("features"), "'features'").Members.Select(member => Feature(member.Name, member.Node));
        return new OutcomeMapper(columns.Count, derived, Source("outcome", training.Get("outcome"), ValueType.Boolean), [.. features]);
    }

    private List<ValueSource> BindDerived()
    {
        // Each derived value is a further column, so a later one may use it.
        var derived = new List<ValueSource>();
        foreach (var (name, source) in Sources(root.FindSection("values")))
        {
            derived.Add(source);
            _names.Add(name);
        }

        return derived;
    }

    private FeatureSource Feature(string name, YamlNode node)
    {
        if (node is YamlScalarNode)
        {
            return new FeatureSource(name, Source(name, node, ValueType.Number), [], 1, IsCategory: false, Log: false);
        }

        var section = root.Section(node, $"'{name}'").Allowing("from", "map", "otherwise", "type", "sum", "divideBy", "category", "log");
        var sum = section.Find("sum") switch
        {
            null => [],
            YamlSequenceNode parts => parts.Select(part => Source(name, part, ValueType.Number)).ToArray(),
            var other => throw root.Wrong(other, "'sum' is a list of values."),
        };
        var divideBy = section.Find("divideBy") is { } divisor ? Number(divisor) : 1;
        var isCategory = Truth(section, "category");
        var value = sum.Length > 0 ? null : From(node, section, isCategory ? ValueType.Text : ValueType.Number);
        return new FeatureSource(name, value, sum, divideBy, isCategory, Truth(section, "log"));
    }

    private bool Truth(YamlSection section, string name) => section.FindText(name) switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw root.Wrong(section.Get(name), $"'{name}' is true or false."),
    };

    private double Number(YamlNode node) => double.TryParse(root.Text(node), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number) && number != 0
        ? number
        : throw root.Wrong(node, "A number that is not 0 is expected here.");

    private EventMapping BindEvent(YamlSection mapped) => new(
        Source("messageId", mapped.Get("messageId")),
        Source("type", mapped.Get("type")),
        mapped.Find("timestamp") is { } time ? Time(time) : null,
        mapped.Find("anonymousId") is { } anonymousId ? Source("anonymousId", anonymousId) : null,
        mapped.Find("userId") is { } userId ? Source("userId", userId) : null,
        [.. Sources(mapped.FindSection("consent"), ValueType.Boolean)],
        [.. Sources(mapped.FindSection("properties"))]);

    private ItemMapping? BindItem()
    {
        var mapped = root.FindSection("items")?
            .Allowing("id", "title", "url", "image", "category", "brand", "price", "stock", "margin", "attributes");
        ValueSource? Find(string name) => mapped!.Find(name) is { } node ? Source(name, node) : null;

        return mapped is null ? null : new(
            Source("id", mapped.Get("id")), Find("title"), Find("url"), Find("image"), Find("category"), Find("brand"),
            Find("price"), Find("stock"), Find("margin"), [.. Sources(mapped.FindSection("attributes"))]);
    }

    private IEnumerable<(string Name, ValueSource Source)> Sources(YamlSection? section, ValueType? type = null) =>
        section?.Members.Select(member => (member.Name, Source(member.Name, member.Node, type))) ?? [];

    private ValueSource Source(string name, YamlNode node, ValueType? type = null)
    {
        var usual = type ?? (Numbers.Contains(name) ? ValueType.Number : ValueType.Text);
        if (node is YamlScalarNode scalar)
        {
            return new(Parse(node, root.Text(node)), null, null, type ?? TypeOf(scalar, usual));
        }

        return From(node, root.Section(node, $"'{name}'").Allowing("from", "map", "otherwise", "type"), usual);
    }

    private ValueSource From(YamlNode node, YamlSection section, ValueType usual)
    {
        var map = section.FindSection("map")?.Members.ToDictionary(member => member.Name, member => root.Text(member.Node));
        var stated = section.FindText("type") switch
        {
            null => usual,
            "text" => ValueType.Text,
            "number" => ValueType.Number,
            "boolean" => ValueType.Boolean,
            _ => throw root.Wrong(section.Get("type"), "'type' is text, number or boolean."),
        };
        return new(Parse(node, root.Text(section.Get("from"))), map, section.FindText("otherwise"), stated);
    }

    // A constant is of the type YAML gives it: `quantity: 1` is a number, `size: "42"` is text.
    private ValueType TypeOf(YamlScalarNode scalar, ValueType usual) => root.Json(scalar)?.GetValueKind() switch
    {
        JsonValueKind.Number => ValueType.Number,
        JsonValueKind.True or JsonValueKind.False => ValueType.Boolean,
        _ => usual,
    };

    private TimeSource Time(YamlNode node)
    {
        if (node is YamlScalarNode)
        {
            return new(Parse(node, root.Text(node)), null, null);
        }

        var section = root.Section(node, "'timestamp'").Allowing("value", "format", "plusSeconds");
        var plus = section.Find("plusSeconds");
        return new(Parse(node, root.Text(section.Get("value"))), section.FindText("format"), plus is null ? null : Seconds(plus));
    }

    // `plusSeconds: order` is nicer to read than a template around one column.
    private Template Seconds(YamlNode node)
    {
        var text = root.Text(node);
        return Parse(node, _names.Contains(text) ? $"{{{text}}}" : text);
    }

    private Template Parse(YamlNode node, string text)
    {
        try
        {
            // The last of a name: a derived value may refine a column under the same name.
            return Template.Parse(text, name => _names.LastIndexOf(name));
        }
        catch (FormatException exception)
        {
            throw root.Wrong(node, $"{exception.Message} The columns are: {string.Join(", ", _names)}.");
        }
    }
}
