namespace Personalization.Core.Experiments;

/// <summary>A share of a namespace: experiments with disjoint shares of one namespace never meet in one person.</summary>
/// <remarks>Source: GrowthBook SDK specification, <c>inNamespace</c>; the seed is <c>__</c> and the name, with hash version 1.</remarks>
public sealed class BucketNamespace
{
    private readonly string _seed;

    /// <summary>Describes a share.</summary>
    /// <param name="id">The namespace's name.</param>
    /// <param name="share">Which part of its people.</param>
    public BucketNamespace(string id, BucketRange share)
    {
        ArgumentNullException.ThrowIfNull(id);
        _seed = "__" + id;
        Id = id;
        Share = share;
    }

    /// <summary>Gets the namespace's name.</summary>
    public string Id { get; }

    /// <summary>Gets which part of the namespace's people the share holds.</summary>
    public BucketRange Share { get; }

    /// <summary>Tells whether a person is in the share. Allocates nothing.</summary>
    /// <param name="value">The person's stable id.</param>
    public bool Contains(ReadOnlySpan<char> value) => BucketHash.Compute(_seed, value, version: 1) is { } point && Share.Contains(point);
}
