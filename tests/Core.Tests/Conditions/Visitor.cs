using Personalization.Core.Conditions;

namespace Personalization.Core.Tests.Conditions;

/// <summary>A source that has a few attributes and no others.</summary>
internal sealed record Visitor(string Country, double Price, bool Member, AttributeValue Tags);

/// <summary>Binds the attributes of <see cref="Visitor"/>.</summary>
internal sealed class VisitorBinder : IAttributeBinder<Visitor>
{
    public static VisitorBinder Instance { get; } = new();

    public AttributeReader<Visitor>? Bind(string path, out string? problem)
    {
        problem = path == "counrty" ? "There is no attribute 'counrty'; the nearest is 'country'." : null;
        return path switch
        {
            "country" => visitor => AttributeValue.From(visitor.Country),
            "price" => visitor => AttributeValue.From(visitor.Price),
            "member" => visitor => AttributeValue.From(visitor.Member),
            "tags" => visitor => visitor.Tags,
            _ => null,
        };
    }
}
