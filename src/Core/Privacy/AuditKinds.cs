namespace Personalization.Core.Privacy;

/// <summary>What is put on record.</summary>
public static class AuditKinds
{
    /// <summary>A person's choice changed.</summary>
    public const string Consent = "consent";

    /// <summary>The configuration changed.</summary>
    public const string Configuration = "configuration";

    /// <summary>People were erased.</summary>
    public const string Erasure = "erasure";
}
