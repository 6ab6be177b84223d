namespace Personalization.Grains.Profiles;

/// <summary>Events of one person, in the order of the log.</summary>
/// <param name="Events">The events, as <see cref="Core.Events.EventCodec"/> writes them one after another.</param>
/// <param name="Positions">Their positions (<see cref="Core.Ingestion.LogPosition"/>).</param>
[GenerateSerializer]
[Immutable]
[Alias("pz.log-slice")]
public sealed record LogSlice([property: Id(0)] byte[] Events, [property: Id(1)] long[] Positions);
