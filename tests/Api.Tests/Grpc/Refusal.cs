using Grpc.Core;

namespace Personalization.Api.Tests.Grpc;

/// <summary>What a call ended with that did not succeed.</summary>
internal sealed record Refusal(Status Status, Metadata Trailers)
{
    /// <summary>Awaits a call that must fail with a code.</summary>
    public static async Task<Refusal> OfAsync<TResponse>(StatusCode code, AsyncUnaryCall<TResponse> call)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.True(code == exception.StatusCode, $"Expected {code}, not {exception.Status}");
        return new Refusal(exception.Status, exception.Trailers);
    }

    /// <summary>Awaits a call that must be refused for one field, among any others.</summary>
    public static async Task InvalidAsync<TResponse>(string path, string code, AsyncUnaryCall<TResponse> call)
    {
        var refusal = await OfAsync(StatusCode.InvalidArgument, call);
        Assert.Contains((path, code), refusal.Violations);
        Assert.NotEmpty(refusal.Status.Detail);
    }

    /// <summary>Gets the path and the code, in the words of REST, of each wrong field.</summary>
    public IEnumerable<(string Path, string Code)> Violations => Details.Details
        .Where(detail => detail.Is(V1.Rpc.BadRequest.Descriptor))
        .SelectMany(detail => detail.Unpack<V1.Rpc.BadRequest>().FieldViolations)
        .Select(violation => (violation.Field, violation.Reason.ToLowerInvariant()));

    /// <summary>Gets the richer error model's status.</summary>
    public V1.Rpc.Status Details => V1.Rpc.Status.Parser.ParseFrom(Trailers.GetValueBytes("grpc-status-details-bin"));
}
