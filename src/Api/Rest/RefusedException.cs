using Microsoft.AspNetCore.Http;
using Personalization.Core;

namespace Personalization.Api.Rest;

/// <summary>Ends a request with a problem. The hot paths answer without it.</summary>
internal sealed class RefusedException(int status, string detail, IReadOnlyList<Problem>? errors = null) : Exception(detail)
{
    public int Status => status;

    public IReadOnlyList<Problem> Errors => errors ?? [];

    /// <summary>Refuses with 400 and everything that is wrong.</summary>
    public static RefusedException Invalid(params IReadOnlyList<Problem> errors) =>
        new(StatusCodes.Status400BadRequest, ProblemResponse.Summary(errors), errors);

    /// <summary>Refuses with 404.</summary>
    public static RefusedException NotFound(string detail) => new(StatusCodes.Status404NotFound, detail);

    /// <summary>Refuses with 413.</summary>
    public static RefusedException TooLarge(int mostBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, ProblemResponse.TooLarge(mostBytes));
}
