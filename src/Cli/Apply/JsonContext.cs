using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Personalization.Cli.Apply;

/// <summary>How configuration is written.</summary>
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class JsonContext : JsonSerializerContext;
