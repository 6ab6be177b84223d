using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Core;
using Personalization.Core.Configuration;

namespace Personalization.Api.Rest;

/// <summary><c>/v1/items</c>: the catalog. Put in bulk, read and removed one by one.</summary>
internal sealed class ItemsEndpoints(IPersonalizer personalizer)
{
    private const int MostBytes = 16 * 1024 * 1024;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapPut("/v1/items", (RequestDelegate)PutAsync);
        app.MapGet("/v1/items/{id}", (RequestDelegate)GetAsync);
        app.MapDelete("/v1/items/{id}", (RequestDelegate)DeleteAsync);
    }

    private async Task PutAsync(HttpContext context)
    {
        using var request = await JsonRequest.ReadAsync(context, MostBytes);
        var problems = new List<Problem>();
        var change = ChangeReader.ReadItems(request.Root, problems);
        if (problems.Count > 0)
        {
            throw RefusedException.Invalid(problems);
        }

        var outcome = await personalizer.ChangeAsync(change, context.RequestAborted);
        if (outcome.Status != ChangeStatus.Applied)
        {
            throw RefusedException.Invalid(outcome.Problems);
        }

        var body = JsonBody.Rent();
        body.Json.WriteStartObject();
        body.Json.WriteNumber("revision", outcome.Revision);
        body.Json.WriteNumber("changedItems", outcome.ChangedItems);
        body.Json.WriteEndObject();
        await body.SendAsync(context);
    }

    private Task GetAsync(HttpContext context)
    {
        var id = RequestPath.LastId(context);
        var item = personalizer.FindItem(id) ?? throw Missing(id);
        var body = JsonBody.Rent();
        ItemWriter.Write(body.Json, item);
        return body.SendAsync(context);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var id = RequestPath.LastId(context);
        var outcome = await personalizer.ChangeAsync(new ConfigurationChange { RemoveItems = [id] }, context.RequestAborted);
        if (outcome.Status != ChangeStatus.Applied)
        {
            throw Missing(id);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static RefusedException Missing(string id) => RefusedException.NotFound($"There is no item \"{id}\".");
}
