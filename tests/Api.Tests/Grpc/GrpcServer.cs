using System.Net;
using System.Text;
using System.Text.Json;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Personalization.Api.Grpc;
using Personalization.Core;
using static Personalization.Api.Tests.Json;

namespace Personalization.Api.Tests.Grpc;

/// <summary>A real server that speaks HTTP/2 on a port of its own, with both doors over one engine.</summary>
public sealed class GrpcServer : IAsyncLifetime
{
    private readonly WebApplication _app;
    private GrpcChannel? _channel;

    public GrpcServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(new StoppedClock());
        builder.Services.AddPersonalizationApi();
        builder.Services.AddPersonalizationGrpc();
        builder.Services.AddSingleton<MemoryPersonalizer>();
        builder.Services.AddSingleton<HeldPersonalizer>();
        builder.Services.AddSingleton<IPersonalizer>(services => services.GetRequiredService<HeldPersonalizer>());
        _app = builder.Build();
        _app.MapPersonalization();
        _app.MapPersonalizationGrpc();
    }

    /// <summary>Gets what time it always is.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Gets a client of the REST door.</summary>
    public HttpClient Http { get; } = new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

    internal MemoryPersonalizer Personalizer => _app.Services.GetRequiredService<MemoryPersonalizer>();

    internal HeldPersonalizer Held => _app.Services.GetRequiredService<HeldPersonalizer>();

    internal GrpcChannel Channel => _channel!;

    internal V1.Personalizer.PersonalizerClient Client => new(Channel);

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        Http.BaseAddress = new Uri(_app.Urls.Single());
        _channel = GrpcChannel.ForAddress(Http.BaseAddress);
    }

    public async Task DisposeAsync()
    {
        _channel?.Dispose();
        Http.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>Posts JSON, with single quotes for double ones, to the REST door.</summary>
    public async Task<JsonElement> PostAsync(string path, string json)
    {
        using var content = new StringContent(Of(json), Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync(path, content);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
