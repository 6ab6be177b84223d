using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Core;

namespace Personalization.Api.Rest;

/// <summary><c>/v1/users/{id}/consent</c>: what a person chose, to be read and changed, and the history of it.</summary>
internal sealed class ConsentEndpoints(IPersonalizer personalizer, TimeProvider time)
{
    private const int MostBytes = 16 * 1024;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/users/{id}/consent", (RequestDelegate)GetAsync);
        app.MapPut("/v1/users/{id}/consent", (RequestDelegate)PutAsync);
        app.MapGet("/v1/users/{id}/consent/history", (RequestDelegate)GetHistoryAsync);
    }

    private async Task GetAsync(HttpContext context)
    {
        var id = RequestPath.IdBefore(context, "/consent");
        var profile = await personalizer.FindProfileAsync(id, context.RequestAborted)
            ?? throw RefusedException.NotFound("Nothing is known of this person.");
        await ConsentResponse.SendAsync(context, profile.Id, profile.Consent);
    }

    private async Task PutAsync(HttpContext context)
    {
        var id = RequestPath.IdBefore(context, "/consent");
        using (var request = await JsonRequest.ReadAsync(context, MostBytes))
        {
            var choice = ConsentRequest.Read(request.Root, id, time.GetUtcNow().ToUnixTimeMilliseconds());

            // Once begun it is not given up: whether the choice was stored is not to be left open.
            await personalizer.IngestAsync([choice], CancellationToken.None);
        }

        var profile = await personalizer.FindProfileAsync(id, context.RequestAborted);
        await ConsentResponse.SendAsync(context, profile?.Id ?? id, profile?.Consent ?? default);
    }

    private async Task GetHistoryAsync(HttpContext context)
    {
        var id = RequestPath.IdBefore(context, "/consent/history");
        var profile = await personalizer.FindProfileAsync(id, context.RequestAborted)
            ?? throw RefusedException.NotFound("Nothing is known of this person.");
        await ConsentResponse.SendAsync(context, profile.Id, await personalizer.ReadHistoryAsync(profile.Id, context.RequestAborted));
    }
}
