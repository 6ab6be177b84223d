using System.Net;
using Personalization.Api.Client;
using Personalization.Core.Privacy;

namespace Personalization.Silo;

/// <summary>How a silo runs.</summary>
internal sealed record SiloOptions
{
    /// <summary>Gets where REST listens.</summary>
    public required string Urls { get; init; }

    /// <summary>Gets where gRPC listens, over HTTP/2 without TLS; empty for nowhere.</summary>
    public required string GrpcUrls { get; init; }

    /// <summary>Gets the Redis servers, as StackExchange.Redis reads them.</summary>
    public required string Redis { get; init; }

    /// <summary>Gets the Kafka brokers: <c>host:port,…</c>.</summary>
    public required string Kafka { get; init; }

    /// <summary>Gets the topic that events are in.</summary>
    public required string Topic { get; init; }

    /// <summary>Gets the epoch of the topic, to be raised when partitions are added (<see cref="Core.Ingestion.LogPosition"/>).</summary>
    public required int TopicEpoch { get; init; }

    /// <summary>Gets which deployment this is; two of them on one Redis need different ones.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Gets which service this is, across deployments: what its state is stored under.</summary>
    public required string ServiceId { get; init; }

    /// <summary>Gets the address other silos reach this one at.</summary>
    public required IPAddress Advertise { get; init; }

    /// <summary>Gets the port other silos reach this one at.</summary>
    public required int SiloPort { get; init; }

    /// <summary>Gets the port clients of the cluster reach this one at.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>Gets the file with the keys that profiles are encrypted with; without one they are not.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Gets the word that opens the dashboard at <c>/dashboard</c>; without it there is none.</summary>
    public required string? DashboardKey { get; init; }

    /// <summary>Gets how the API sees who asks.</summary>
    public required ClientOptions Clients { get; init; }

    /// <summary>Gets what holds where a person said nothing.</summary>
    public required ConsentPolicy Consent { get; init; }

    /// <summary>Gets what the privacy signals of browsers deny.</summary>
    public required PrivacySignals Signals { get; init; }

    /// <summary>Gets how long <c>/readyz</c> says no before a stop begins, so that balancers look elsewhere.</summary>
    public required TimeSpan Drain { get; init; }
}
