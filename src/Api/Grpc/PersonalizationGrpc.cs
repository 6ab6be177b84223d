using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Personalization.Api.Client;
using Personalization.Api.Metrics;
using Personalization.Core;
using Personalization.Core.Events;

namespace Personalization.Api.Grpc;

/// <summary>Opens the gRPC door over whatever hosts <see cref="IPersonalizer"/>: <c>personalization.v1.Personalizer</c>.</summary>
public static class PersonalizationGrpc
{
    /// <summary>Adds what the service needs besides <see cref="IPersonalizer"/>.</summary>
    public static IServiceCollection AddPersonalizationGrpc(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton<PersonalizationMetrics>();
        services.TryAddSingleton(new ClientOptions());
        services.TryAddSingleton<ClientReader>();
        services.TryAddSingleton<PersonalizerService>();
        services.TryAddSingleton<FaultInterceptor>();
        services.AddGrpc().AddServiceOptions<PersonalizerService>(Bound);
        return services;
    }

    /// <summary>Maps the service. It is spoken over HTTP/2: without TLS the endpoint takes nothing else.</summary>
    /// <exception cref="InvalidOperationException">
    /// <see cref="IPersonalizer"/> is not registered, or <see cref="AddPersonalizationGrpc"/> was not called.
    /// </exception>
    public static IEndpointRouteBuilder MapPersonalizationGrpc(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetService<PersonalizerService>() is null)
        {
            throw new InvalidOperationException($"Call services.{nameof(AddPersonalizationGrpc)}() before {nameof(MapPersonalizationGrpc)}().");
        }

        app.MapGrpcService<PersonalizerService>();
        return app;
    }

    private static void Bound(GrpcServiceOptions<PersonalizerService> options)
    {
        options.MaxReceiveMessageSize = EventLimits.BatchBytes;

        // REST takes no compressed bodies either, and what is never unfolded needs no bound of its own.
        options.CompressionProviders.Clear();
        options.Interceptors.Add<FaultInterceptor>();
    }
}
