using System.Text.Json;
using System.Text.Unicode;
using Personalization.Cli.Events;
using Personalization.Cli.Files;
using Personalization.Cli.Mapping;

namespace Personalization.Cli.Replay;

/// <summary>Reads the events of a file. What can't be one is rejected here, with its line.</summary>
internal static class EventSource
{
    public static IEnumerable<OutgoingEvent> Read(InputFile file, MappingFile? mapping, Rejections rejections) => mapping is null
        ? Lines(file, rejections)
        : MappedRows.Read(
            file,
            mapping,
            (mapper, row, line) => OutgoingEvent.Of(mapper.Event(row), line),
            (line, why) => rejections.Add(line, "unmappable", why));

    private static IEnumerable<OutgoingEvent> Lines(InputFile file, Rejections rejections)
    {
        var lines = new LineReader(file.Content);
        while (lines.Read() is { } utf8)
        {
            file.NotePosition();
            if (utf8.AsSpan().Trim((byte)' ').Length > 0 && Parse(utf8, lines.Line, rejections) is { } read)
            {
                yield return read;
            }
        }
    }

    private static OutgoingEvent? Parse(byte[] utf8, long line, Rejections rejections)
    {
        if (utf8.Length > Lane.BatchBytes - 64)
        {
            rejections.Add(line, "too_large", FormattableString.Invariant($"the event has {utf8.Length:N0} bytes; a request holds 1 MiB"));
            return null;
        }

        if (!Utf8.IsValid(utf8))
        {
            rejections.Add(line, "invalid_utf8", "the line is not UTF-8");
            return null;
        }

        try
        {
            return OutgoingEvent.Of(utf8, line);
        }
        catch (JsonException exception)
        {
            rejections.Add(line, "invalid_json", exception.Message);
            return null;
        }
    }
}
