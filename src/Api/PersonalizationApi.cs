using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Personalization.Api.Client;
using Personalization.Api.Metrics;
using Personalization.Api.Rest;
using Personalization.Api.Sdk;
using Personalization.Core;
using Personalization.Core.Configuration;
using Personalization.Core.Privacy;

namespace Personalization.Api;

/// <summary>Opens the REST door over whatever hosts <see cref="IPersonalizer"/>.</summary>
public static class PersonalizationApi
{
    /// <summary>Adds what the endpoints need besides <see cref="IPersonalizer"/>: the clock, the metrics, and the answers to whatever goes wrong.</summary>
    public static IServiceCollection AddPersonalizationApi(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(PrivacySignals.Default);
        services.AddMetrics();
        services.TryAddSingleton<PrometheusExporter>();
        services.TryAddSingleton<PersonalizationMetrics>();
        services.TryAddSingleton(new ClientOptions());
        services.TryAddSingleton<ClientReader>();
        services.TryAddSingleton<DeadLetterKeeper>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, ProblemFilter>());
        return services;
    }

    /// <summary>Maps every endpoint. Call it once the host can answer: the probes say that it is ready from then on.</summary>
    /// <param name="app">Where to map them.</param>
    /// <param name="isReady">What <c>/readyz</c> says; without it always yes.</param>
    /// <exception cref="InvalidOperationException"><see cref="IPersonalizer"/> is not registered, or <see cref="AddPersonalizationApi"/> was not called.</exception>
    public static IEndpointRouteBuilder MapPersonalization(this IEndpointRouteBuilder app, Func<bool>? isReady = null)
    {
        if (!app.ServiceProvider.GetServices<IStartupFilter>().OfType<ProblemFilter>().Any())
        {
            throw new InvalidOperationException($"Call services.{nameof(AddPersonalizationApi)}() before {nameof(MapPersonalization)}().");
        }

        var personalizer = app.ServiceProvider.GetRequiredService<IPersonalizer>();
        var time = app.ServiceProvider.GetRequiredService<TimeProvider>();

        // The listener first: what is counted before it listens is not heard.
        var exporter = app.ServiceProvider.GetRequiredService<PrometheusExporter>();
        var metrics = app.ServiceProvider.GetRequiredService<PersonalizationMetrics>();
        var deadLetters = app.ServiceProvider.GetRequiredService<DeadLetterKeeper>();
        var signals = app.ServiceProvider.GetRequiredService<PrivacySignals>();
        new EventsEndpoints(personalizer, time, signals, deadLetters, metrics).Map(app);
        new DecideEndpoint(personalizer, app.ServiceProvider.GetRequiredService<ClientReader>(), signals, metrics).Map(app);
        new DecisionsEndpoint(personalizer).Map(app);
        new UsersEndpoints(personalizer).Map(app);
        new ConsentEndpoints(personalizer, time).Map(app);
        new AuditEndpoint(personalizer).Map(app);
        new FeaturesEndpoints(personalizer).Map(app);
        new ErasureEndpoints(personalizer).Map(app);
        new ExportEndpoints(personalizer).Map(app);
        new TrainingEndpoint(personalizer).Map(app);
        foreach (var kind in ConfigurationKinds.All.Where(kind => kind != ConfigurationKind.Schema))
        {
            new DocumentEndpoints(personalizer, kind).Map(app);
        }

        new ExperimentEndpoints(personalizer).Map(app);
        ExperimentPlanEndpoint.Map(app);
        new ConfigurationEndpoint(personalizer).Map(app);
        new ItemsEndpoints(personalizer).Map(app);
        new AlertsEndpoint(personalizer).Map(app);
        new SchemaEndpoints(personalizer).Map(app);
        new DeadLettersEndpoints(personalizer, metrics).Map(app);
        new StatsEndpoint(personalizer).Map(app);
        new MetricsEndpoint(exporter).Map(app);
        SdkEndpoint.Map(app);
        new HealthEndpoints(isReady ?? (() => true)).Map(app);
        return app;
    }
}
