using System.Text;
using System.Text.Json;

namespace Personalization.Core.Conditions;

/// <summary>Reads attributes from a JSON document by dotted paths; into an array leads an index (<c>tags.0</c>) or <c>length</c>.</summary>
/// <remarks>
/// Any path can be bound, as any document may hold it. Each read unpacks what it finds and so allocates for strings, arrays
/// and objects: where the same document is asked many times, unpack it once with <see cref="AttributeValue.FromJson"/> and use
/// <see cref="AttributeValueBinder"/>. Source: <c>getPath</c> of the GrowthBook SDK specification.
/// </remarks>
public sealed class JsonAttributeBinder : IAttributeBinder<JsonElement>
{
    /// <summary>Gets the one binder there needs to be.</summary>
    public static JsonAttributeBinder Instance { get; } = new();

    /// <inheritdoc/>
    public AttributeReader<JsonElement> Bind(string path, out string? problem)
    {
        problem = null;
        var steps = path.Split('.').Select(Step.Of).ToArray();
        return document =>
        {
            try
            {
                return Read(document, steps);
            }
            catch (InvalidOperationException)
            {
                // A neighbour's name is not well-formed Unicode, and looking for a member stumbled over it.
                return AttributeValue.Missing;
            }
        };
    }

    private static AttributeValue Read(JsonElement document, Step[] steps)
    {
        var current = document;
        for (var i = 0; i < steps.Length; i++)
        {
            var step = steps[i];
            switch (current.ValueKind)
            {
                case JsonValueKind.Object when current.TryGetProperty(step.Name, out var member):
                    current = member;
                    break;
                case JsonValueKind.Array when step.Index >= 0 && step.Index < current.GetArrayLength():
                    current = current[step.Index];
                    break;
                case JsonValueKind.Array when step.IsLength && i == steps.Length - 1:
                    return AttributeValue.From(current.GetArrayLength());
                default:
                    return AttributeValue.Missing;
            }
        }

        return AttributeValue.FromJson(current);
    }

    private sealed record Step(byte[] Name, int Index, bool IsLength)
    {
        public static Step Of(string name) => new(
            Encoding.UTF8.GetBytes(name),
            PathStep.Index(name),
            name == PathStep.Length);
    }
}
