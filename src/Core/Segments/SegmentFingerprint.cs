using System.Buffers;
using System.Text;
using System.Text.Json;
using Personalization.Core.Configuration;

namespace Personalization.Core.Segments;

/// <summary>A hash of what a segment means, so that a host knows after a restart whether everybody was asked about this meaning.</summary>
internal static class SegmentFingerprint
{
    // What is read from profiles and requests means the same whatever is configured.
    private static readonly string[] BuiltIn = ["events", "affinity", "top", "recent", "session", "profile", "page", "context", "segments"];

    public static ulong Of(JsonElement body, IReadOnlyList<string> paths, ConfigurationSet set, Func<string, ulong?> segment)
    {
        var text = new StringBuilder(Compact(body));
        foreach (var path in paths.Where(path => path.StartsWith("segments.", StringComparison.Ordinal)))
        {
            text.Append('\n').Append(segment(path["segments.".Length..]));
        }

        // Features that the configuration declares may be made of one another, so any such document may mean something else.
        if (paths.Any(path => !BuiltIn.Contains(path.Split('.', 2)[0])))
        {
            foreach (var document in set.Documents.Where(document => document.Kind
                is not (ConfigurationKind.Segment or ConfigurationKind.Experience or ConfigurationKind.Placement or ConfigurationKind.Experiment)))
            {
                text.Append('\n').Append(document.Id).Append(Compact(document.Body));
            }
        }

        return StableHash.Of(text.ToString());
    }

    // As it is written here: how the document was indented when it was sent means nothing.
    private static string Compact(JsonElement json)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            json.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
