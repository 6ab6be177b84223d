using System.Globalization;
using Microsoft.AspNetCore.Http;
using Personalization.Core;

namespace Personalization.Api.Rest;

/// <summary>What must hold of a document for a request to change it, by RFC 9110 section 13.1.</summary>
/// <param name="Revision">The revision it must have, 0 for none at all, or null for any.</param>
/// <param name="MustExist">Whether it must exist, at whatever revision.</param>
internal readonly record struct Precondition(long? Revision, bool MustExist)
{
    /// <summary>Gives a revision as the value of an <c>ETag</c> header.</summary>
    public static string TagOf(long revision) => string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");

    /// <summary>Reads <c>If-Match</c> and <c>If-None-Match</c>.</summary>
    /// <exception cref="RefusedException">A header is malformed: a mistake there must not overwrite anything.</exception>
    public static Precondition Of(HttpRequest request)
    {
        var match = request.Headers.IfMatch;
        var noneMatch = request.Headers.IfNoneMatch;
        if (noneMatch.Count > 0)
        {
            return match.Count == 0 && noneMatch == "*"
                ? new Precondition(0, false)
                : throw Malformed("If-None-Match", "The only If-None-Match taken here is *, without an If-Match: it creates and never replaces.");
        }

        if (match.Count == 0 || match == "*")
        {
            return new Precondition(null, match.Count > 0);
        }

        return match.ToString() is ['"', .. var digits, '"']
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) && revision > 0
            ? new Precondition(revision, true)
            : throw Malformed("If-Match", "An If-Match is * or one ETag as it was received: \"12\", with its quotes.");
    }

    private static RefusedException Malformed(string header, string detail) =>
        RefusedException.Invalid(new Problem(header, "invalid_header", detail));
}
