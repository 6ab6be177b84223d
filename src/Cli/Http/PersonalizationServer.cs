using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Personalization.Cli.Output;

namespace Personalization.Cli.Http;

/// <summary>The server, as far as the commands use it. Safe for any number of concurrent calls.</summary>
internal sealed class PersonalizationServer : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly HttpClient _http;

    public PersonalizationServer(Uri address, Terminal terminal)
    {
        // The handler times each attempt; an overall limit would end a patient wait.
        _http = new HttpClient(new PatientHandler(terminal.Time, terminal.Error.WriteLine) { InnerHandler = new SocketsHttpHandler() })
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public Task<EventsAnswer> SendEventsAsync(ReadOnlyMemory<byte> body, CancellationToken ct) =>
        AskAsync(HttpMethod.Post, "v1/events", body, AnswerJson.Default.EventsAnswer, ct);

    public Task<DecideAnswer> DecideAsync(ReadOnlyMemory<byte> body, CancellationToken ct) =>
        AskAsync(HttpMethod.Post, "v1/decide", body, AnswerJson.Default.DecideAnswer, ct);

    /// <summary>Reads the entries of a chain of the audit trail behind one of them; none behind the last.</summary>
    public async Task<AuditAnswer> AuditAsync(int chain, long after, CancellationToken ct)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"v1/audit?chain={chain}&after={after}&limit=1000");
        using var response = await SendAsync(HttpMethod.Get, path, default, ct);
        return await ReadAsync(response, AnswerJson.Default.AuditAnswer, ct);
    }

    /// <summary>Creates or replaces one thing, or many items.</summary>
    public async Task PutAsync(string path, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        using var response = await SendAsync(HttpMethod.Put, path, body, ct);
        await ThrowUnlessGoodAsync(response, ct);
    }

    /// <summary>Gets how much the server holds, or null where it doesn't tell.</summary>
    public async Task<StatsAnswer?> StatsAsync(CancellationToken ct)
    {
        using var response = await SendAsync(HttpMethod.Get, "v1/stats", default, ct);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync(response, AnswerJson.Default.StatsAnswer, ct);
    }

    /// <summary>Applies a whole configuration at once.</summary>
    /// <returns>What changed, or what is wrong with it.</returns>
    public async Task<(ConfigurationAnswer? Answer, ProblemAnswer? Problem)> ConfigureAsync(
        ReadOnlyMemory<byte> body, bool dryRun, CancellationToken ct)
    {
        using var response = await SendAsync(HttpMethod.Post, dryRun ? "v1/configuration?dryRun=true" : "v1/configuration", body, ct);
        return response.StatusCode == HttpStatusCode.BadRequest
            ? (null, await ProblemOfAsync(response, ct) ?? new ProblemAnswer("The server gave no reason.", null, null))
            : (await ReadAsync(response, AnswerJson.Default.ConfigurationAnswer, ct), null);
    }

    /// <summary>Has people erased, at most 10 000.</summary>
    public Task<ErasureAnswer> BeginErasureAsync(ReadOnlyMemory<byte> body, CancellationToken ct) =>
        AskAsync(HttpMethod.Post, "v1/users/erase", body, AnswerJson.Default.ErasureAnswer, ct);

    /// <summary>Asks how far an erasure is.</summary>
    public Task<ErasureAnswer> FindErasureAsync(string id, CancellationToken ct) =>
        AskAsync(HttpMethod.Get, $"v1/erasures/{id}", default, AnswerJson.Default.ErasureAnswer, ct);

    /// <summary>Gets a document as it is.</summary>
    public async Task<string> ReadTextAsync(string path, CancellationToken ct)
    {
        using var response = await SendAsync(HttpMethod.Get, path, default, ct);
        await ThrowUnlessGoodAsync(response, ct);
        return await response.Content.ReadAsStringAsync(ct);
    }

    /// <summary>Copies a stream of any length, from its beginning to its end or not at all.</summary>
    public async Task CopyAsync(string path, Stream output, CancellationToken ct)
    {
        // Not by the patient handler, which reads answers whole.
        using var http = new HttpClient { BaseAddress = _http.BaseAddress, Timeout = Timeout.InfiniteTimeSpan };
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct);
        await ThrowUnlessGoodAsync(response, ct);
        await response.Content.CopyToAsync(output, ct);
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> AskAsync<T>(
        HttpMethod method, string path, ReadOnlyMemory<byte> body, JsonTypeInfo<T> shape, CancellationToken ct)
    {
        using var response = await SendAsync(method, path, body, ct);
        return await ReadAsync(response, shape, ct);
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var request = new HttpRequestMessage(method, path);
        if (!body.IsEmpty)
        {
            request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = Json } };
        }

        return _http.SendAsync(request, ct);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> shape, CancellationToken ct)
    {
        await ThrowUnlessGoodAsync(response, ct);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(ct);
            return await JsonSerializer.DeserializeAsync(stream, shape, ct) ?? throw new JsonException("the answer is null");
        }
        catch (JsonException exception)
        {
            throw new UserError(
                $"{What(response)} got an answer that can't be read: {exception.Message} Is this a personalization server?", exception);
        }
    }

    private static async Task ThrowUnlessGoodAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (!response.IsSuccessStatusCode)
        {
            var problem = await ProblemOfAsync(response, ct);
            var why = problem?.InOneLine() is { Length: > 0 } line ? line : response.ReasonPhrase ?? "no reason given";
            throw new UserError($"{What(response)} was answered {(int)response.StatusCode}: {why}");
        }
    }

    private static async Task<ProblemAnswer?> ProblemOfAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            return JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(ct), AnswerJson.Default.ProblemAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string What(HttpResponseMessage response) =>
        $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.GetLeftPart(UriPartial.Path)}";
}
