using System.Net;
using Personalization.Api.Client;
using Personalization.Core.Privacy;

namespace Personalization.Silo.Tests;

/// <summary>What a silo's stores need of its options, where a test uses them without a silo.</summary>
internal static class StoreOptions
{
    public static readonly SiloOptions Any = new SiloOptions
    {
        Urls = "",
        GrpcUrls = "",
        Redis = "",
        Kafka = "",
        Topic = "events",
        TopicEpoch = 0,
        ClusterId = "test",
        ServiceId = "test",
        Advertise = IPAddress.Loopback,
        SiloPort = 0,
        GatewayPort = 0,
        DashboardKey = null,
        KafkaProperties = new Dictionary<string, string>(),
        Ownership = default,
        DecisionBudget = default,
        RetainProfilesDays = 0,
        RetentionInterval = default,
        Clients = new ClientOptions(),
        Consent = ConsentPolicy.Default,
        Signals = PrivacySignals.Default,
        Drain = default,
    };
}
