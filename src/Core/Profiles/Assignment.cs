namespace Personalization.Core.Profiles;

/// <summary>The variant a person was exposed to on a device, which it keeps while the experiment's version stays the same.</summary>
/// <param name="Experiment">The experiment's id, as a number in the <see cref="Vocabulary"/>.</param>
/// <param name="Version">The experiment's version when the person saw it.</param>
/// <param name="Variant">The variant's key, as a number in the <see cref="Vocabulary"/>.</param>
/// <param name="At">When the person saw it, in seconds since the Unix epoch.</param>
/// <param name="Device">The <see cref="StableHash"/> of the device's id; 0 where none was named.</param>
internal readonly record struct Assignment(int Experiment, int Version, int Variant, uint At, ulong Device);
