using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using Personalization.Core;

namespace Personalization.Api.Grpc;

/// <summary>Turns whatever goes wrong into a status that tells the caller what to do, and none of the server's insides.</summary>
internal sealed partial class FaultInterceptor(ILogger<FaultInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (UnavailableException unavailable)
        {
            throw Faults.Unavailable(unavailable);
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            // Nobody is left to answer; a deadline that passed has been answered already.
            throw new RpcException(new Status(StatusCode.Cancelled, "The call was given up."));
        }
#pragma warning disable CA1031 // Whatever it is, the log has it.
        catch (Exception exception) when (exception is not RpcException)
#pragma warning restore CA1031
        {
            LogFailed(exception, context.Method);
            throw new RpcException(new Status(StatusCode.Internal, "Something unforeseen broke; the server's log says what."));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A call failed unexpectedly: {Method}.")]
    private partial void LogFailed(Exception exception, string method);
}
