using Personalization.Core.Monitoring;

namespace Personalization.Grains.Monitoring;

/// <summary>An <see cref="Alert"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("pz.alert")]
public sealed record AlertRecord(
    [property: Id(0)] long Number,
    [property: Id(1)] string Type,
    [property: Id(2)] int Kind,
    [property: Id(3)] long RaisedAt,
    [property: Id(4)] long? EndedAt,
    [property: Id(5)] long Observed,
    [property: Id(6)] double Expected,
    [property: Id(7)] double Z)
{
    /// <summary>Packs an alert.</summary>
    public static AlertRecord Of(Alert alert) =>
        new(alert.Id, alert.Type, (int)alert.Kind, alert.RaisedAt, alert.EndedAt, alert.Observed, alert.Expected, alert.Z);

    /// <summary>Unpacks the alert.</summary>
    public Alert ToAlert() => new(Number, Type, (AlertKind)Kind, RaisedAt, EndedAt, Observed, Expected, Z);
}
