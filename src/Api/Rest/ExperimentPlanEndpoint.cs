using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Personalization.Core;
using Personalization.Core.Statistics;

namespace Personalization.Api.Rest;

/// <summary><c>POST /v1/experiments/power</c>: how many people, which effect, what power.</summary>
internal static class ExperimentPlanEndpoint
{
    private const int MostBytes = 64 * 1024;

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/v1/experiments/power", AnswerAsync);

    private static async Task AnswerAsync(HttpContext context)
    {
        using var request = await JsonRequest.ReadAsync(context, MostBytes);
        var problems = new List<Problem>();
        var question = PlanQuestion.Read(request.Root, problems) ?? throw RefusedException.Invalid(problems);
        var answer = question.Answer();
        var body = JsonBody.Rent();
        var json = body.Json;
        json.WriteStartObject();
        json.WriteNumber("people", answer.People);
        if (double.IsFinite(answer.Effect))
        {
            json.WriteNumber("effect", answer.Effect);
        }
        else
        {
            // No change of a share that is possible at all would be found by so few.
            json.WriteNull("effect");
        }

        json.WriteNumber("power", answer.Power);
        json.WriteNumber("alpha", answer.Design.Alpha);
        json.WriteString("rule", answer.Design.Rule switch
        {
            StoppingRule.Fixed => "fixed",
            StoppingRule.GroupSequential => "groupSequential",
            _ => "confidenceSequence",
        });
        json.WriteStartArray("looks");
        foreach (var look in answer.Looks)
        {
            json.WriteStartObject();
            json.WriteNumber("share", look.Share);
            json.WriteNumber("people", look.People);
            json.WriteNumber("bound", look.Bound);
            json.WriteNumber("calledIfReal", look.CalledIfReal);
            json.WriteNumber("calledIfNone", look.CalledIfNone);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await body.SendAsync(context);
    }
}
