namespace Personalization.Core.Features;

/// <summary>The bounds between the stages of a customer's life, in days.</summary>
/// <param name="New">Somebody whose first event is not longer ago is new; the default is 7.</param>
/// <param name="Lapsing">Somebody who was not here for as long is lapsing, and is returned when back; the default is 30.</param>
/// <param name="Churned">Somebody who was not here for as long has churned; the default is 90.</param>
public sealed record LifecycleBounds(double New, double Lapsing, double Churned)
{
    /// <summary>A week, a month, a quarter.</summary>
    public static readonly LifecycleBounds Default = new(7, 30, 90);
}
