using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Core;
using Personalization.Core.Configuration;

namespace Personalization.Api.Rest;

/// <summary><c>/v1/{segments,experiences,placements,experiments,features,settings}</c>: the documents of one kind, guarded by <c>ETag</c> and <c>If-Match</c>.</summary>
internal sealed class DocumentEndpoints(IPersonalizer personalizer, ConfigurationKind kind)
{
    private const int MostBytes = 1024 * 1024;

    private readonly DocumentChanges _changes = new(personalizer, kind);

    public void Map(IEndpointRouteBuilder app)
    {
        var path = $"/v1/{kind.PluralName()}";

        // The list of features has those built in too.
        if (kind != ConfigurationKind.Feature)
        {
            app.MapGet(path, (RequestDelegate)ListAsync);
        }

        app.MapGet($"{path}/{{id}}", (RequestDelegate)GetAsync);
        app.MapPut($"{path}/{{id}}", (RequestDelegate)PutAsync);
        app.MapDelete($"{path}/{{id}}", (RequestDelegate)DeleteAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        var body = JsonBody.Rent();
        var json = body.Json;
        json.WriteStartObject();
        json.WriteStartArray(kind.PluralName());
        foreach (var document in personalizer.Configuration.Set.Of(kind))
        {
            json.WriteStartObject();
            json.WriteString("id", document.Id);
            json.WriteString("etag", Precondition.TagOf(document.Revision));
            json.WritePropertyName("body");
            DocumentResponse.Write(json, document);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return body.SendAsync(context);
    }

    private Task GetAsync(HttpContext context)
    {
        var id = RequestPath.Id(context);
        var document = _changes.Find(id) ?? throw _changes.Missing(id);
        return DocumentResponse.SendAsync(context, document);
    }

    private async Task PutAsync(HttpContext context)
    {
        var id = RequestPath.Id(context);
        var problems = new List<Problem>();
        ChangeReader.CheckId(id, "", problems);
        if (problems.Count > 0)
        {
            throw RefusedException.Invalid(problems);
        }

        var condition = Precondition.Of(context.Request);
        using var request = await JsonRequest.ReadAsync(context, MostBytes);
        var isNew = _changes.Find(id) is null;
        var stored = await _changes.PutAsync(id, request.Root, condition, context.RequestAborted);
        await DocumentResponse.SendAsync(context, stored, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        await _changes.RemoveAsync(RequestPath.Id(context), Precondition.Of(context.Request), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
