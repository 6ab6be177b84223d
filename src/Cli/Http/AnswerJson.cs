using System.Text.Json.Serialization;
using Personalization.Cli.Privacy;

namespace Personalization.Cli.Http;

/// <summary>How answers are read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EventsAnswer))]
[JsonSerializable(typeof(DecideAnswer))]
[JsonSerializable(typeof(ConfigurationAnswer))]
[JsonSerializable(typeof(StatsAnswer))]
[JsonSerializable(typeof(AuditAnswer))]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(ErasureAnswer))]
[JsonSerializable(typeof(ErasureRequest))]
internal sealed partial class AnswerJson : JsonSerializerContext;
