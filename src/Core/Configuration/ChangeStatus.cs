namespace Personalization.Core.Configuration;

/// <summary>Whether a change was applied.</summary>
public enum ChangeStatus
{
    /// <summary>It was, or there was nothing to change, or it was only checked and could have been.</summary>
    Applied,

    /// <summary>Something is wrong with the configuration as it would be.</summary>
    Invalid,

    /// <summary>Somebody else changed a document first.</summary>
    RevisionMismatch,

    /// <summary>A document to remove does not exist.</summary>
    NotFound,
}
