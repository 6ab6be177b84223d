using Personalization.Core.Conditions;

namespace Personalization.Core.Events;

/// <summary>Lets conditions read an event's properties: those of the engine and the shop's own.</summary>
public sealed class EventPropertyBinder : IAttributeBinder<Event>
{
    /// <summary>Gets the one binder there needs to be.</summary>
    public static EventPropertyBinder Instance { get; } = new();

    /// <inheritdoc/>
    public AttributeReader<Event> Bind(string path, out string? problem)
    {
        problem = null;
        return path switch
        {
            "itemId" => source => Text(source.ItemId),
            "category" => source => Text(source.Category),
            "brand" => source => Text(source.Brand),
            "query" => source => Text(source.Query),
            "decisionId" => source => Text(source.DecisionId),
            "placement" => source => Text(source.Placement),
            "price" => source => Number(source.Price),
            "value" => source => Number(source.Value),
            "quantity" => source => AttributeValue.From((double)source.Quantity),
            _ => source => Own(source, path),
        };
    }

    private static AttributeValue Text(string? text) => text is null ? AttributeValue.Missing : AttributeValue.From(text);

    private static AttributeValue Number(double number) => double.IsNaN(number) ? AttributeValue.Missing : AttributeValue.From(number);

    private static AttributeValue Own(Event source, string name)
    {
        foreach (var property in source.Properties)
        {
            if (property.Name == name)
            {
                return property.Value;
            }
        }

        return AttributeValue.Missing;
    }
}
