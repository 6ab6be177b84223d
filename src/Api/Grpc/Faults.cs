using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Personalization.Core;

namespace Personalization.Api.Grpc;

/// <summary>What calls end with that don't succeed: a status, and details in the trailers as the richer error model has them.</summary>
internal static class Faults
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    // Clients refuse trailers that are too large, the strictest of them beyond 8 KiB, in which these stand in base 64.
    private const int MostDetailBytes = 4096;
    private const int MostPathCharacters = 256;

    /// <summary>Refuses with everything that is wrong, or as much of it as trailers hold.</summary>
    public static RpcException Invalid(params IReadOnlyList<Problem> problems)
    {
        var details = new V1.Rpc.BadRequest();
        var bytes = 0;
        foreach (var problem in problems)
        {
            var violation = new V1.Rpc.BadRequest.Types.FieldViolation
            {
                Field = Bounded(problem.Path),
                Description = problem.Detail,
                Reason = problem.Code.ToUpperInvariant(),
            };
            bytes += violation.CalculateSize();
            if (bytes > MostDetailBytes)
            {
                break;
            }

            details.FieldViolations.Add(violation);
        }

        return Of(StatusCode.InvalidArgument, Summary(problems), [], details);
    }

    /// <summary>Says that there is nothing of that id.</summary>
    public static RpcException NotFound(string detail) => new(new Status(StatusCode.NotFound, detail));

    /// <summary>Refuses a message for its size.</summary>
    public static RpcException TooLarge(int mostBytes) => new(new Status(
        StatusCode.ResourceExhausted,
        string.Create(CultureInfo.InvariantCulture, $"The message has more than {mostBytes} bytes, which is the most that is taken here.")));

    /// <summary>Says when to try again: in whole seconds, at least one, as REST does.</summary>
    public static RpcException Unavailable(UnavailableException unavailable)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(unavailable.RetryAfter.TotalSeconds));
        return Of(
            StatusCode.Unavailable,
            unavailable.Message,
            new Metadata { { "retry-after", seconds.ToString(CultureInfo.InvariantCulture) } },
            new V1.Rpc.RetryInfo { RetryDelay = new Duration { Seconds = seconds } });
    }

    private static RpcException Of(StatusCode code, string message, Metadata trailers, IMessage details)
    {
        var status = new V1.Rpc.Status { Code = (int)code, Message = message, Details = { Any.Pack(details) } };
        trailers.Add(DetailsTrailer, status.ToByteArray());
        return new RpcException(new Status(code, message), trailers);
    }

    private static string Summary(IReadOnlyList<Problem> problems) => problems switch
    {
        [{ Path.Length: 0 } only] => only.Detail,
        [var only] => $"{Bounded(only.Path)}: {only.Detail}",
        [var first, ..] => $"{problems.Count} things are wrong; the first is {Bounded(first.Path)}: {first.Detail}",
        [] => "The request was refused.",
    };

    // A path may hold a name that was sent, however long.
    private static string Bounded(string path) => path.Length <= MostPathCharacters ? path : $"{path.AsSpan(0, MostPathCharacters)}…";
}
