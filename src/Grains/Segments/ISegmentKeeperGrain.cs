namespace Personalization.Grains.Segments;

/// <summary>Looks at people whom time may have moved, and asks everybody about new segments. The key is 0.</summary>
/// <remarks>Every process wakes it every second, so it is somewhere as long as anything is.</remarks>
[Alias("pz.segment-keeper")]
public interface ISegmentKeeperGrain : IGrainWithIntegerKey
{
    /// <summary>Makes sure that it is at work.</summary>
    [Alias("wake")]
    ValueTask WakeAsync();
}
