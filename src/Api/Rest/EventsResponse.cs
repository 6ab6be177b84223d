using Microsoft.AspNetCore.Http;
using Personalization.Core;
using Personalization.Core.Events;

namespace Personalization.Api.Rest;

/// <summary>Writes what became of events.</summary>
internal static class EventsResponse
{
    /// <summary>Answers 202.</summary>
    /// <param name="context">The request.</param>
    /// <param name="receipt">What was taken.</param>
    /// <param name="rejected">What was not.</param>
    /// <param name="rejectedCount">How many were not, where the list may be cut short.</param>
    public static Task SendAsync(HttpContext context, IngestReceipt receipt, IReadOnlyList<RejectedEvent> rejected, long? rejectedCount = null)
    {
        var body = JsonBody.Rent();
        var json = body.Json;
        json.WriteStartObject();
        json.WriteNumber("accepted", receipt.Accepted);
        json.WriteNumber("duplicates", receipt.Duplicates);
        json.WriteNumber("dropped", receipt.Dropped);
        if (rejectedCount is { } count)
        {
            json.WriteNumber("rejectedCount", count);
        }

        json.WriteStartArray("rejected");
        foreach (var bad in rejected)
        {
            json.WriteStartObject();
            json.WriteNumber("index", bad.Index);
            ProblemResponse.WriteMembers(json, bad.Problem);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("profileVersion", receipt.ProfileVersion);
        json.WriteEndObject();
        return body.SendAsync(context, StatusCodes.Status202Accepted);
    }
}
