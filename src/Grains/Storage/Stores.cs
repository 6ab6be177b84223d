namespace Personalization.Grains.Storage;

/// <summary>The names of the grain stores.</summary>
public static class Stores
{
    /// <summary>Where grains keep their state.</summary>
    public const string State = "state";
}
