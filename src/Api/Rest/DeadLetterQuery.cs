using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Personalization.Core;
using Personalization.Core.DeadLetters;

namespace Personalization.Api.Rest;

/// <summary>Reads which dead letters are meant: <c>?type=&amp;code=&amp;person=&amp;id=&amp;limit=</c>, or the same as a JSON object with a list of <c>ids</c>.</summary>
internal static class DeadLetterQuery
{
    public static DeadLetterFilter Of(IQueryCollection query)
    {
        foreach (var name in query.Keys)
        {
            if (name is not ("type" or "code" or "person" or "id" or "limit"))
            {
                // One that is misspelt would silently mean all of them, and they may be about to be removed.
                throw RefusedException.Invalid(Unknown(name));
            }
        }

        var filter = new DeadLetterFilter { Type = Text(query, "type"), Code = Text(query, "code"), Person = Text(query, "person") };
        if (Text(query, "id") is { } id)
        {
            filter = filter with { Ids = [Whole("id", id, long.MaxValue)] };
        }

        return Text(query, "limit") is { } limit ? filter with { Limit = (int)Whole("limit", limit, DeadLetterFilter.MostAtOnce) } : filter;
    }

    public static DeadLetterFilter Of(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.EnumerateObject().Any())
        {
            throw RefusedException.Invalid(new Problem("", "required", "The body names which: {\"ids\": [ … ]}, or \"type\", \"code\" or \"person\"."));
        }

        var filter = new DeadLetterFilter();
        foreach (var member in json.EnumerateObject())
        {
            filter = member.Name switch
            {
                "ids" => filter with { Ids = Ids(member.Value) },
                "type" => filter with { Type = Text(member) },
                "code" => filter with { Code = Text(member) },
                "person" => filter with { Person = Text(member) },
                _ => throw RefusedException.Invalid(Unknown(member.Name)),
            };
        }

        return filter;
    }

    private static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    private static string Text(JsonProperty member) => member.Value.ValueKind == JsonValueKind.String
        ? member.Value.GetString()!
        : throw RefusedException.Invalid(new Problem(member.Name, "invalid_type", "This is a JSON string."));

    private static long[] Ids(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() > DeadLetterFilter.MostAtOnce)
        {
            throw RefusedException.Invalid(new Problem("ids", "invalid_type", $"This is a list of at most {DeadLetterFilter.MostAtOnce} numbers."));
        }

        return [.. json.EnumerateArray().Select((one, i) => one.ValueKind == JsonValueKind.Number && one.TryGetInt64(out var id)
            ? id
            : throw RefusedException.Invalid(new Problem($"ids[{i}]", "invalid_type", "This is the number of a dead letter.")))];
    }

    private static long Whole(string name, string text, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw RefusedException.Invalid(new Problem(name, "out_of_range", $"This is a whole number from 1 to {most}."));

    private static Problem Unknown(string name) => new(name, "unknown_field", "What is asked for by is ids, type, code and person.");
}
