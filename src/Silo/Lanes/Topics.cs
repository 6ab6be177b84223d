namespace Personalization.Silo.Lanes;

/// <summary>Names that the stream provider and its consumers agree on.</summary>
internal static class Topics
{
    /// <summary>The stream provider.</summary>
    public const string Provider = "kafka";

    /// <summary>The namespace of the lanes' streams.</summary>
    public const string StreamNamespace = "events";

    /// <summary>The consumer group.</summary>
    public const string Group = "personalization";
}
