using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Personalization.Core;

namespace Personalization.Api.Tests;

/// <summary>A real server on a port of its own, shared by the tests of one class.</summary>
public sealed class ApiServer : IAsyncLifetime, IDisposable
{
    private readonly WebApplication _app;

    public ApiServer()
        : this(TimeProvider.System)
    {
    }

    internal ApiServer(TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(time);
        builder.Services.AddPersonalizationApi();
        builder.Services.AddSingleton<MemoryPersonalizer>();
        builder.Services.AddSingleton<IPersonalizer>(services => services.GetRequiredService<MemoryPersonalizer>());
        _app = builder.Build();
        _app.MapPersonalization();
    }

    public HttpClient Http { get; } = new();

    public Uri Address => Http.BaseAddress!;

    internal MemoryPersonalizer Personalizer => _app.Services.GetRequiredService<MemoryPersonalizer>();

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        Http.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    public void Dispose() => Http.Dispose();

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, string? json = null, string mediaType = "application/json") =>
        SendAsync(HttpMethod.Post, path, json, mediaType);

    public Task<Answer> PutAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Put, path, json, headers: headers);

    public Task<Answer> DeleteAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Delete, path, headers: headers);

    public Task<Answer> SendAsync(
        HttpMethod method, string path, string? text = null, string mediaType = "application/json", params (string Name, string Value)[] headers) =>
        SendAsync(method, path, text is null ? null : new StringContent(text, Encoding.UTF8, mediaType), headers);

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await Http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        return new Answer(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            body.Length == 0 ? default : JsonDocument.Parse(body).RootElement,
            response.Headers,
            response.Content.Headers);
    }
}
