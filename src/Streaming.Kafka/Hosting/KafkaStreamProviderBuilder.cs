using Microsoft.Extensions.Configuration;
using Orleans.Hosting;
using Orleans.Providers;
using Personalization.Kafka;
using Personalization.Streaming.Kafka.Hosting;

[assembly: RegisterProvider("Kafka", "Streaming", "Silo", typeof(KafkaStreamProviderBuilder))]

namespace Personalization.Streaming.Kafka.Hosting;

/// <summary>Adds Kafka streams from configuration: <c>Orleans:Streaming:{name}</c> with <c>ProviderType</c> Kafka.</summary>
internal sealed class KafkaStreamProviderBuilder : IProviderBuilder<ISiloBuilder>
{
    public void Configure(ISiloBuilder builder, string? name, IConfigurationSection configurationSection)
    {
        ArgumentNullException.ThrowIfNull(name);
        builder.AddKafkaStreams(name, (KafkaStreamOptions options) => configurationSection.Bind(options));
    }
}
