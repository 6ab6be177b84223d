using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Personalization.Core;

namespace Personalization.Api.Rest;

/// <summary>Turns whatever goes wrong into RFC 9457 problems: refusals, faults of the server, and paths or methods there are none of.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, exception);
            return;
        }

        // Routing answers with a bare status; it has not started the response, and nothing of ours ends without starting it.
        var response = context.Response;
        if (response.StatusCode >= 400 && !response.HasStarted && response.ContentType is null && IsOurs(context.Request.Path))
        {
            await ProblemResponse.WriteAsync(context, response.StatusCode, DetailOf(response.StatusCode, context.Request));
        }
    }

    private Task AnswerAsync(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case RefusedException refused:
                return ProblemResponse.WriteAsync(context, refused.Status, refused.Message, refused.Errors);
            case UnavailableException unavailable:
                return ProblemResponse.WriteUnavailableAsync(context, unavailable);
            case BadHttpRequestException bad:
                return ProblemResponse.WriteAsync(context, bad.StatusCode, bad.Message);
            case OperationCanceledException when context.RequestAborted.IsCancellationRequested:
                // Nobody is left to answer.
                return Task.CompletedTask;
            default:
                LogFailed(exception, context.Request.Method, context.GetEndpoint()?.DisplayName);
                return ProblemResponse.WriteAsync(
                    context, StatusCodes.Status500InternalServerError, "Something unforeseen broke; the server's log says what.");
        }
    }

    private static bool IsOurs(PathString path) => path.StartsWithSegments("/v1");

    private static string DetailOf(int status, HttpRequest request) => status switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this path.",
        StatusCodes.Status405MethodNotAllowed => $"This path does not take {request.Method}; the Allow header names what it takes.",
        _ => "The request was refused.",
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed unexpectedly: {Method} {Endpoint}.")]
    private partial void LogFailed(Exception exception, string method, string? endpoint);
}
