using System.Net;

namespace Personalization.Cli.Http;

/// <summary>Sends a request again where the server was busy or not there, for a bounded number of times.</summary>
/// <remarks>
/// Every request of this program may be repeated: events carry message ids, and everything else states what shall be.
/// A server that never answered is given up on sooner, because its address is probably wrong.
/// </remarks>
internal sealed class PatientHandler(TimeProvider time, Action<string> onWait) : DelegatingHandler
{
    /// <summary>The most attempts at one request, once the server has answered anything.</summary>
    public const int Attempts = 10;

    /// <summary>The most attempts at one request before the server has answered anything.</summary>
    public const int FirstAttempts = 3;

    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    private volatile bool _answered;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            string trouble;
            TimeSpan? asked = null;
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(AttemptTimeout);
            try
            {
                var response = await base.SendAsync(request, timeout.Token);

                // An answer that breaks off halfway is a broken connection like any other, so it is read whole in here.
                await response.Content.LoadIntoBufferAsync(timeout.Token);
                _answered = true;
                if (!IsBusy(response.StatusCode) || attempt == Attempts)
                {
                    return response;
                }

                trouble = $"it answered {(int)response.StatusCode}";
                asked = RetryAfter(response);
                response.Dispose();
            }
            catch (Exception exception) when (IsConnection(exception) && !cancellationToken.IsCancellationRequested)
            {
                trouble = exception is HttpRequestException ? exception.Message : "no answer in time";
                if (attempt >= (_answered ? Attempts : FirstAttempts))
                {
                    throw new UserError(
                        $"No answer from {request.RequestUri!.GetLeftPart(UriPartial.Authority)} after {attempt} attempts: {trouble}. "
                        + "Is the server running? --server says where it is.",
                        exception);
                }
            }

            var wait = asked ?? Backoff(attempt);
            onWait($"waiting {wait.TotalSeconds:0.#} s for {request.RequestUri!.GetLeftPart(UriPartial.Authority)}: {trouble}");
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private static bool IsBusy(HttpStatusCode status) => status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
        or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout;

    private static bool IsConnection(Exception exception) => exception is HttpRequestException or OperationCanceledException or IOException;

    private static TimeSpan Backoff(int attempt) => TimeSpan.FromSeconds(Math.Min(0.2 * Math.Pow(2, attempt - 1), 10));

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var asked = header?.Delta ?? header?.Date - time.GetUtcNow();
        return asked is not { } wait ? null : wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
    }
}
