using Personalization.Core.Privacy;
using Personalization.Core.Profiles;

namespace Personalization.Core.Features;

/// <summary>One feature while its family makes the reader: what stands in the place of the parameters, and whom to ask for what.</summary>
public sealed class FeatureBinding
{
    private readonly IReadOnlyList<string> _arguments;

    internal FeatureBinding(FeatureRegistry registry, FeatureFamily family, IReadOnlyList<string> arguments)
    {
        Registry = registry;
        Purposes = family.Purposes;
        _arguments = arguments;
    }

    /// <summary>Gets what stands in the place of a parameter, from 0.</summary>
    public string this[int parameter] => _arguments[parameter];

    /// <summary>Gets the registry, for features that are made of others.</summary>
    public FeatureRegistry Registry { get; }

    /// <summary>Gets or sets what the feature is read for: the family's, and those of the features that it is made of.</summary>
    public Purposes Purposes { get; set; }

    /// <summary>Gets or sets why there can't be this feature, one sentence for whoever wrote the name; null where there is just none of that name.</summary>
    public string? Problem { get; set; }

    /// <summary>Gets the place in <see cref="Window.All"/> of the window that a parameter names.</summary>
    public int Window(int parameter) => Profiles.Window.IndexOf(_arguments[parameter]);
}
