namespace Personalization.Core.Events;

/// <summary>How the contributions of events make one number or word.</summary>
public enum Accumulation : byte
{
    /// <summary>How many there were.</summary>
    Count,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>The least of them.</summary>
    Min,

    /// <summary>The greatest of them.</summary>
    Max,

    /// <summary>The latest of them.</summary>
    Last,

    /// <summary>How many different ones there were.</summary>
    Distinct,
}
