using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Hosting;
using Orleans.Persistence;
using Personalization.Api;
using Personalization.Api.Grpc;
using Personalization.Grains;
using Personalization.Grains.Audit;
using Personalization.Grains.Storage;
using Personalization.Silo.Kafka;
using Personalization.Silo.Lanes;
using Personalization.Silo.Redis;
using Personalization.Streaming.Kafka.Durability;
using Personalization.Streaming.Kafka.Hosting;
using Personalization.Streaming.Kafka.Producing;
using Personalization.Streaming.Kafka.Reading;
using StackExchange.Redis;

namespace Personalization.Silo;

/// <summary>Composes a silo: Orleans over Redis, streams from Kafka, and the API in the same process.</summary>
internal static class SiloHost
{
    // Longer than any grain needs to store what it holds; orchestrators must allow more.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(120);

    public static async Task<int> RunAsync(SiloOptions options, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Urls, HttpProtocols.Http1AndHttp2, "--urls");
            kestrel.Listen(options.GrpcUrls, HttpProtocols.Http2, "--grpc-urls");
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Orleans", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        var redis = await ConnectionMultiplexer.ConnectAsync(RedisOf(options));
        await FoldedTopic.ClaimAsync(redis, options);
        builder.Services.AddSingleton(await StoredKeys.OpenAsync(redis, options));
        AddServices(builder.Services, options, redis);
        builder.Host.UseOrleans(silo => Configure(silo, options));

        await using var app = builder.Build();
        var readiness = app.Services.GetRequiredService<Readiness>();
        app.MapPersonalization(() => readiness.IsReady);
        app.MapPersonalizationGrpc();
        if (options.DashboardKey is { } key)
        {
            app.MapOrleansDashboard("/dashboard").AddEndpointFilter(new BearerKey(key));
        }

        await app.StartAsync(cancellation);
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }

    private static void AddServices(IServiceCollection services, SiloOptions options, ConnectionMultiplexer redis)
    {
        services.AddSingleton(options);
        services.AddSingleton<IConnectionMultiplexer>(redis);
        services.AddSingleton(_ => new LaneNames(KafkaSettings.Of(options)));
        services.AddSingleton<IDurableOffsets, RedisDurableOffsets>();
        services.AddSingleton(provider => new KafkaEventProducer(KafkaSettings.Of(options), provider.GetRequiredService<ILogger<KafkaEventProducer>>()));
        services.AddSingleton(provider => new KafkaDeadLetters(
            KafkaSettings.Of(options), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<KafkaDeadLetters>>()));
        services.AddSingleton<IEventAppender, KafkaAppender>();
        services.AddSingleton<IAuditStore, RedisAuditStore>();
        services.AddSingleton(options.Consent);
        services.AddSingleton(options.Signals);
        services.AddSingleton<IDeadLetterStore, RedisDeadLetterStore>();
        services.AddSingleton<ITrainingMemory, RedisTrainingMemory>();
        services.AddSingleton<RedisDecisionMemory>();
        services.AddSingleton<IDecisionMemory>(provider => provider.GetRequiredService<RedisDecisionMemory>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisDecisionMemory>());
        services.AddPersonalizationGrains();
        services.AddSingleton(options.Clients);
        services.AddPersonalizationApi();
        services.AddPersonalizationGrpc();
        services.AddSingleton<Readiness>();
        services.AddHostedService(provider => provider.GetRequiredService<Readiness>());
    }

    private static void Configure(ISiloBuilder silo, SiloOptions options)
    {
        silo.Configure<ClusterOptions>(cluster =>
        {
            cluster.ClusterId = options.ClusterId;
            cluster.ServiceId = options.ServiceId;
        });
        silo.ConfigureEndpoints(options.Advertise, options.SiloPort, options.GatewayPort, listenOnAnyHostAddress: false);
        silo.UseRedisClustering(redis => redis.ConfigurationOptions = RedisOf(options));
        silo.AddRedisGrainStorage(Stores.State, (RedisStorageOptions redis) =>
        {
            redis.ConfigurationOptions = RedisOf(options);
            redis.DeleteStateOnClear = true;
            redis.GrainStorageSerializer = new StoredBytesSerializer();
        });
        silo.UseRedisReminderService(redis => redis.ConfigurationOptions = RedisOf(options));
        silo.AddKafkaStreams(Topics.Provider, (KafkaStreamConfigurator streams) => streams
            .ConfigureKafka(kafka => kafka.Configure(settings => KafkaSettings.Apply(settings, options)))
            .UseDurableOffsets(provider => provider.GetRequiredService<IDurableOffsets>()));

        // A person's events wait in their grain's queue; without a bound one hot grain takes the silo's memory.
        silo.Configure<SiloMessagingOptions>(messaging => messaging.MaxEnqueuedRequestsHardLimit = 10_000);
        silo.Configure<GrainCollectionOptions>(collection =>
        {
            collection.CollectionAge = TimeSpan.FromMinutes(15);
            collection.EnableActivationSheddingOnMemoryPressure = true;
        });
        silo.Services.AddHostedService<ClusterSync>();
        if (options.DashboardKey is not null)
        {
            silo.AddDashboard();
        }
    }

    private static ConfigurationOptions RedisOf(SiloOptions options)
    {
        var redis = ConfigurationOptions.Parse(options.Redis);

        // Redis that is away for a while comes back; a silo that gave up would not.
        redis.AbortOnConnectFail = false;
        return redis;
    }
}
