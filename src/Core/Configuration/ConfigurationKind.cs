namespace Personalization.Core.Configuration;

/// <summary>The kinds of documents a configuration is made of; items are kept apart, because there are many.</summary>
public enum ConfigurationKind
{
    /// <summary>A named condition over features.</summary>
    Segment,

    /// <summary>One thing a placement can show.</summary>
    Experience,

    /// <summary>A named place that can change.</summary>
    Placement,

    /// <summary>An assignment of people to variants.</summary>
    Experiment,

    /// <summary>A model whose answers are features.</summary>
    Predictor,

    /// <summary>A feature made of others, or of what events contribute.</summary>
    Feature,

    /// <summary>What is set for the whole shop.</summary>
    Setting,

    /// <summary>What the properties of one type of events must look like, in all versions.</summary>
    Schema,

    /// <summary>How long what is kept for a purpose is kept; the id is the purpose.</summary>
    Retention,
}
