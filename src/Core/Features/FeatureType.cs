namespace Personalization.Core.Features;

/// <summary>What a feature's value is.</summary>
public enum FeatureType
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A word: a category, an id, an address.</summary>
    Text,

    /// <summary>A list of words.</summary>
    List,

    /// <summary>Whatever was sent.</summary>
    Any,
}
