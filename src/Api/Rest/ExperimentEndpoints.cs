using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Core;
using Personalization.Core.Configuration;

namespace Personalization.Api.Rest;

/// <summary><c>POST /v1/experiments/{id}/start|stop</c>: an experiment's life cycle, which is the <c>status</c> in its document.</summary>
internal sealed class ExperimentEndpoints(IPersonalizer personalizer)
{
    private const string Status = "status";

    private readonly DocumentChanges _changes = new(personalizer, ConfigurationKind.Experiment);

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/experiments/{id}/start", context => SetAsync(context, "running"));
        app.MapPost("/v1/experiments/{id}/stop", context => SetAsync(context, "stopped"));
    }

    private async Task SetAsync(HttpContext context, string status)
    {
        var id = RequestPath.Id(context);
        var wanted = Precondition.Of(context.Request);
        while (true)
        {
            var known = _changes.Find(id) ?? throw _changes.Missing(id);

            // Only the status is to change, so what was read must still be there when it is put.
            var condition = wanted.Revision is null ? new Precondition(known.Revision, true) : wanted;
            using var document = With(known.Body, status);
            try
            {
                var stored = await _changes.PutAsync(id, document.RootElement, condition, context.RequestAborted);
                await DocumentResponse.SendAsync(context, stored);
                return;
            }
            catch (RefusedException refused) when (refused.Status == StatusCodes.Status412PreconditionFailed && wanted.Revision is null)
            {
                // Somebody else changed it between; the caller did not ask for any version, so the newest is meant.
            }
        }
    }

    private static JsonDocument With(JsonElement experiment, string status)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var member in experiment.EnumerateObject())
            {
                if (!member.NameEquals(Status))
                {
                    member.WriteTo(json);
                }
            }

            json.WriteString(Status, status);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory);
    }
}
