using System.Buffers;
using System.Text.Json;

namespace Personalization.Cli.Train;

/// <summary>A predictor that was fitted, ready to be delivered.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Summary">What a person is told of it, line by line.</param>
/// <param name="Write">Writes its document's members.</param>
internal sealed record TrainedPredictor(string Id, IReadOnlyList<string> Summary, Action<Utf8JsonWriter> Write)
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>Makes the document, as <c>PUT /v1/predictors/{id}</c> takes it.</summary>
    public byte[] Document() => Make(Write);

    /// <summary>Makes a configuration with this document alone, as <c>personalize apply</c> takes it.</summary>
    public byte[] AsConfiguration() => Make(json =>
    {
        json.WriteStartObject("predictors");
        json.WriteStartObject(Id);
        Write(json);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static byte[] Make(Action<Utf8JsonWriter> members)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, Indented))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}
