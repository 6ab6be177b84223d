namespace Personalization.Silo.Lanes;

/// <summary>The consumer of one lane. The key is the stream's: <c>{partition}-{lane}</c>.</summary>
[Alias("pz.event-lane")]
internal interface IEventLaneGrain : IGrainWithStringKey;
