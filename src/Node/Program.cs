using Personalization.Api;
using Personalization.Api.Client;
using Personalization.Api.Geo;
using Personalization.Core;
using Personalization.Node;
using Personalization.Node.Demo;
using Personalization.Node.Storage;

return await NodeCommand.Build(RunAsync).Parse(args).InvokeAsync();

static async Task<int> RunAsync(NodeSettings settings, CancellationToken cancellation)
{
    if (settings.UrlProblem() is { } problem)
    {
        await Console.Error.WriteLineAsync(problem);
        return 1;
    }

    ClientOptions clients;
    try
    {
        clients = ClientOptions.Of(settings.GeoDatabase, settings.Proxies);
    }
    catch (GeoDatabaseException exception)
    {
        await Console.Error.WriteLineAsync(exception.Message);
        return 1;
    }

    // All settings are given at the start. Watching for files that change would hear of every write to a data folder below this one.
    var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
    builder.WebHost.UseUrls(settings.Urls.Split(';'));
    builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
    builder.Services.AddSingleton(TimeProvider.System);
    builder.Services.AddSingleton<IPersonalizer>(services =>
        NodePersonalizer.Open(settings.Options, TimeProvider.System, services.GetRequiredService<ILoggerFactory>()));
    builder.Services.AddSingleton(clients);
    builder.Services.AddSingleton(settings.Signals);
    builder.Services.AddPersonalizationApi();

    await using var app = builder.Build();
    try
    {
        // The folder is opened before the port is, so that whoever can ask is answered from the newest state.
        var personalizer = app.Services.GetRequiredService<IPersonalizer>();
        if (settings.Demo)
        {
            await DemoShop.SetUpAsync(personalizer, TimeProvider.System, cancellation);
        }

        app.MapPersonalization();
        await app.StartAsync(cancellation);
    }
    catch (StorageException exception)
    {
        await Console.Error.WriteLineAsync(exception.Message);
        return 1;
    }
    catch (IOException exception)
    {
        await Console.Error.WriteLineAsync($"--urls: {exception.Message}");
        return 1;
    }

    if (settings.Demo)
    {
        Console.WriteLine(DemoStory.For(app.Urls.First()));
    }

    await app.WaitForShutdownAsync(cancellation);
    return 0;
}
