using System.Text.Json;

namespace Personalization.Core.Configuration;

/// <summary>One document as it was put.</summary>
/// <param name="Kind">What it configures.</param>
/// <param name="Id">Its id, unique in its kind.</param>
/// <param name="Body">Its JSON; it belongs to no disposable document.</param>
/// <param name="Revision">The revision of the configuration that it was last changed in.</param>
public sealed record ConfigurationDocument(ConfigurationKind Kind, string Id, JsonElement Body, long Revision);
