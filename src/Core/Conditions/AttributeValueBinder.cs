namespace Personalization.Core.Conditions;

/// <summary>Reads attributes from an unpacked object by dotted paths, without allocating.</summary>
/// <remarks>The paths are those of <see cref="JsonAttributeBinder"/>; any path can be bound.</remarks>
public sealed class AttributeValueBinder : IAttributeBinder<AttributeValue>
{
    /// <summary>Gets the one binder there needs to be.</summary>
    public static AttributeValueBinder Instance { get; } = new();

    /// <inheritdoc/>
    public AttributeReader<AttributeValue> Bind(string path, out string? problem)
    {
        problem = null;
        var steps = path.Split('.').Select(name => (Name: name, Index: PathStep.Index(name))).ToArray();
        return source =>
        {
            var current = source;
            foreach (var (name, index) in steps)
            {
                current = current.Kind switch
                {
                    AttributeKind.Object => current.Member(name),
                    AttributeKind.Array when index >= 0 && index < current.Count => current[index],
                    AttributeKind.Array when name == PathStep.Length => AttributeValue.From(current.Count),
                    _ => AttributeValue.Missing,
                };
            }

            return current;
        };
    }
}
