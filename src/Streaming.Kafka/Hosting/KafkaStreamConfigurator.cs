using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Streams;
using Personalization.Kafka;
using Personalization.Kafka.Durability;
using Personalization.Kafka.Records;
using Personalization.Streaming.Kafka.Provider;

namespace Personalization.Streaming.Kafka.Hosting;

/// <summary>Configures a Kafka stream provider beyond its options. What it sets up by default is safe; change it knowingly.</summary>
public sealed class KafkaStreamConfigurator : SiloPersistentStreamConfigurator
{
    internal KafkaStreamConfigurator(string name, Action<Action<IServiceCollection>> configure)
        : base(name, configure, KafkaQueueAdapterFactory.Create)
    {
        ConfigureDelegate(services =>
        {
            services.AddKeyedSingleton(name, (provider, _) => new KafkaQueueAdapterFactory(name, provider));
            services.AddTransient<IConfigurationValidator>(provider => new KafkaStreamValidator(name, provider));
            services.TryAddSingleton<IOptionFormatterResolver<KafkaStreamOptions>, KafkaOptionsFormatter.Resolver>();
            services.ConfigureNamedOptionForLogging<KafkaStreamOptions>(name);
        });

        // Lanes are few and known, so consumers subscribe by attribute; no pub-sub store is read or written.
        this.Configure<StreamPubSubOptions>(options => options.Configure(set => set.PubSubType = StreamPubSubType.ImplicitOnly));
        this.ConfigurePullingAgent(options => options.Configure(set =>
        {
            set.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(20);

            // A store that is down for an hour is no reason to skip events.
            set.MaxEventDeliveryTime = Timeout.InfiniteTimeSpan;

            // An "inactive" stream loses its cursor, even while a delivery is being tried again.
            set.StreamInactivityPeriod = TimeSpan.FromDays(7);
        }));
        this.ConfigurePartitionBalancing((services, provider) =>
            services.GetRequiredService<IOptionsMonitor<KafkaStreamOptions>>().Get(provider).Ownership == KafkaOwnership.Group
                ? new GroupBalancer(services, provider)
                : new MembershipBalancer(services, provider));
    }

    /// <summary>Configures the options.</summary>
    public KafkaStreamConfigurator ConfigureKafka(Action<OptionsBuilder<KafkaStreamOptions>> configure)
    {
        this.Configure(configure);
        return this;
    }

    /// <summary>Replaces the format of the records. The default is <see cref="EventRecordFormat"/>.</summary>
    public KafkaStreamConfigurator UseFormat(Func<IServiceProvider, IKafkaRecordFormat> format)
    {
        ConfigureDelegate(services => services.AddKeyedSingleton(Name, (provider, _) => format(provider)));
        return this;
    }

    /// <summary>Commits only what lanes report durable, and says where they report it.</summary>
    public KafkaStreamConfigurator UseDurableOffsets(Func<IServiceProvider, IDurableOffsets> offsets)
    {
        ConfigureDelegate(services => services.AddKeyedSingleton(Name, (provider, _) => offsets(provider)));
        return ConfigureKafka(options => options.Configure(set => set.CommitWhen = KafkaCommit.Durable));
    }
}
