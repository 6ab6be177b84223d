using System.Buffers;
using System.Text.Json;
using Personalization.Cli.Events;

namespace Personalization.Cli.Evaluate;

/// <summary>The bodies that an evaluation sends.</summary>
internal static class EvaluateRequests
{
    public static byte[] Experience(Contender contender) => Document(json =>
    {
        json.WriteStartObject("recommend");
        json.WriteStartArray("strategies");
        foreach (var strategy in contender.Strategies)
        {
            json.WriteStringValue(strategy);
        }

        json.WriteEndArray();
        json.WriteNumber("limit", RankTally.Cutoff);
        json.WriteBoolean("excludeSeen", false);
        json.WriteEndObject();
        json.WriteString("output", "items");
    });

    public static byte[] Placement(Contender contender) => Document(json =>
    {
        json.WriteStartArray("experiences");
        json.WriteStartObject();
        json.WriteString("id", contender.Name);
        json.WriteEndObject();
        json.WriteEndArray();
    });

    public static byte[] Decide(string person, IEnumerable<Contender> contenders) => Document(json =>
    {
        json.WriteString("anonymousId", person);
        json.WriteStartObject("page");
        json.WriteString("url", "https://shop.example/");
        json.WriteEndObject();
        json.WriteStartArray("placements");
        foreach (var contender in contenders)
        {
            json.WriteStringValue(contender.Name);
        }

        json.WriteEndArray();
        json.WriteNumber("limit", RankTally.Cutoff);
    });

    /// <summary>Makes the click of a test person: live, because windows and sessions are of now, and not to be learned from.</summary>
    public static byte[] Click(string person, int position, Event click) => EventJson.SerializeBatch(
    [
        click with
        {
            MessageId = $"{person}-{position}",
            AnonymousId = person,
            UserId = null,
            Timestamp = null,
            Consent = [new("training", false)],
        },
    ]);

    private static byte[] Document(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
