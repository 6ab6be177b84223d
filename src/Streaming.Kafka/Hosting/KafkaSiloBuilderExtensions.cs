using Orleans.Hosting;
using Personalization.Kafka;

namespace Personalization.Streaming.Kafka.Hosting;

/// <summary>Adds Kafka streams to a silo.</summary>
public static class KafkaSiloBuilderExtensions
{
    /// <summary>Adds a stream provider that reads a topic.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="name">The provider's name.</param>
    /// <param name="configure">Sets the options.</param>
    public static ISiloBuilder AddKafkaStreams(this ISiloBuilder builder, string name, Action<KafkaStreamOptions> configure) =>
        builder.AddKafkaStreams(name, (KafkaStreamConfigurator streams) => streams.ConfigureKafka(options => options.Configure(configure)));

    /// <summary>Adds a stream provider that reads a topic.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="name">The provider's name.</param>
    /// <param name="configure">Sets the options, the format, the durable offsets and the pulling agents.</param>
    public static ISiloBuilder AddKafkaStreams(this ISiloBuilder builder, string name, Action<KafkaStreamConfigurator> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        configure(new KafkaStreamConfigurator(name, services => builder.ConfigureServices(services)));
        return builder;
    }
}
