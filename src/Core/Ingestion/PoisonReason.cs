namespace Personalization.Core.Ingestion;

/// <summary>Why a record can't become an event.</summary>
public enum PoisonReason
{
    /// <summary>It can.</summary>
    None = 0,

    /// <summary>The record has no key, so no person and no lane.</summary>
    NoKey,

    /// <summary>The record has no value.</summary>
    NoValue,

    /// <summary>The record names no schema version, or one that this program does not read.</summary>
    UnknownVersion,

    /// <summary>The bytes are not exactly one event.</summary>
    Damaged,

    /// <summary>The key is not the id of the event's person, so the record may lie in the wrong partition.</summary>
    ForeignKey,
}
