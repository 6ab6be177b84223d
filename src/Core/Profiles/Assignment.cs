namespace Personalization.Core.Profiles;

/// <summary>The variant a person was exposed to, which they keep while the experiment's version stays the same.</summary>
/// <param name="Experiment">The experiment's id, as a number in the <see cref="Vocabulary"/>.</param>
/// <param name="Version">The experiment's version when the person saw it.</param>
/// <param name="Variant">The variant's key, as a number in the <see cref="Vocabulary"/>.</param>
internal readonly record struct Assignment(int Experiment, int Version, int Variant);
