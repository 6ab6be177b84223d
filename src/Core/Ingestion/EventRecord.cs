using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Personalization.Core.Events;

namespace Personalization.Core.Ingestion;

/// <summary>The form of one event as a record of a keyed log.</summary>
/// <remarks>
/// Key: the person's id in UTF-8, so that a person's events share a partition and keep their order. Value: the event as
/// <see cref="EventCodec"/> writes it. Header <see cref="VersionHeader"/>: the schema version in ASCII digits.
/// </remarks>
public static class EventRecord
{
    /// <summary>The name of the header that holds the schema version.</summary>
    public const string VersionHeader = "v";

    /// <summary>The name of the header that makes a record without a value the mark of an erasure; its value is the erasure's id.</summary>
    /// <remarks>
    /// A record without a value is also what makes a compacted topic drop everything of the key. Without the header it is poison as ever:
    /// nobody is erased by accident.
    /// </remarks>
    public const string EraseHeader = "erase";

    /// <summary>The schema version that this program writes and reads.</summary>
    public const int Version = 1;

    private static readonly byte[] VersionText = Encoding.ASCII.GetBytes(Version.ToString(CultureInfo.InvariantCulture));

    /// <summary>Gets the value of the version header.</summary>
    public static ReadOnlyMemory<byte> VersionValue => VersionText;

    /// <summary>Gets the key of an event.</summary>
    public static byte[] KeyOf(Event source) => Encoding.UTF8.GetBytes(source.PersonId);

    /// <summary>Gets the value of an event.</summary>
    public static byte[] ValueOf(Event source)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        EventCodec.Write(buffer, source);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a record. Never throws: what is no event is poison with a reason, and the records after it are not its victims.</summary>
    /// <param name="key">The key; empty where the record has none.</param>
    /// <param name="value">The value; empty where the record has none.</param>
    /// <param name="version">The value of the last header <see cref="VersionHeader"/>; empty where the record has none.</param>
    /// <param name="erasure">The value of the last header <see cref="EraseHeader"/>; empty where the record has none.</param>
    public static RecordReading Read(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ReadOnlySpan<byte> version, ReadOnlySpan<byte> erasure = default)
    {
        if (key.IsEmpty)
        {
            return RecordReading.Poison(PoisonReason.NoKey, "The record has no key; it must be the id of the event's person.");
        }

        if (value.IsEmpty && !erasure.IsEmpty && Utf8.IsValid(key) && Utf8.IsValid(erasure))
        {
            return RecordReading.Of(Event.Erasing(Encoding.UTF8.GetString(key), Encoding.UTF8.GetString(erasure), at: 0));
        }

        if (value.IsEmpty)
        {
            return RecordReading.Poison(PoisonReason.NoValue, "The record has no value.");
        }

        if (!version.SequenceEqual(VersionText))
        {
            return RecordReading.Poison(
                PoisonReason.UnknownVersion,
                version.IsEmpty
                    ? $"The record has no header '{VersionHeader}'; this program reads version {Version}."
                    : $"The header '{VersionHeader}' names a schema version other than {Version}, the one this program reads.");
        }

        IReadOnlyList<Event> events;
        try
        {
            events = EventCodec.Read(value);
        }
        catch (Exception damage) when (damage is InvalidDataException or OverflowException or OutOfMemoryException or ArgumentException)
        {
            return RecordReading.Poison(PoisonReason.Damaged, damage.Message);
        }

        if (events.Count != 1)
        {
            return RecordReading.Poison(PoisonReason.Damaged, $"The value holds {events.Count} events; a record holds one.");
        }

        if (events[0] is { UserId: null, AnonymousId: null })
        {
            return RecordReading.Poison(PoisonReason.Damaged, "The event names no person.");
        }

        return IsKeyOf(events[0], key)
            ? RecordReading.Of(events[0])
            : RecordReading.Poison(PoisonReason.ForeignKey, "The key is not the id of the event's person.");
    }

    private static bool IsKeyOf(Event read, ReadOnlySpan<byte> key)
    {
        Span<byte> buffer = stackalloc byte[1024];
        return Encoding.UTF8.TryGetBytes(read.PersonId, buffer, out var length)
            ? key.SequenceEqual(buffer[..length])
            : key.SequenceEqual(Encoding.UTF8.GetBytes(read.PersonId));
    }
}
