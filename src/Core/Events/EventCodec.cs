using System.Buffers;
using Personalization.Core.Privacy;

namespace Personalization.Core.Events;

/// <summary>The binary form of an event in a log: about a third of its JSON, and quick to read back.</summary>
public static class EventCodec
{
    private const byte Version = 1;
    private const int MoreConsent = 0x80;
    private const int ConsentSourceShift = 5;

    [Flags]
    private enum Has
    {
        None = 0,
        Price = 1,
        Value = 2,
        Consent = 4,
        Exposures = 8,
        PreviousId = 16,
        Automated = 32,
        Contributions = 64,
        SchemaVersion = 128,
    }

    /// <summary>Appends one event.</summary>
    public static void Write(IBufferWriter<byte> output, Event source)
    {
        var has = (double.IsNaN(source.Price) ? Has.None : Has.Price)
            | (double.IsNaN(source.Value) ? Has.None : Has.Value)
            | (source.Consent == default ? Has.None : Has.Consent)
            | (source.Exposures.Count == 0 ? Has.None : Has.Exposures)
            | (source.PreviousId is null ? Has.None : Has.PreviousId)
            | (source.Contributions.Count == 0 ? Has.None : Has.Contributions)
            | (source.IsAutomated ? Has.Automated : Has.None)
            | (source.SchemaVersion == 0 ? Has.None : Has.SchemaVersion);

        output.WriteByte(Version);
        output.WriteNumber((ulong)has);
        output.WriteText(source.MessageId);
        output.WriteText(source.Type);
        output.WriteNumber(source.ReceivedAt);
        output.WriteNumber(source.ReceivedAt - source.Timestamp);
        output.WriteText(source.AnonymousId);
        output.WriteText(source.UserId);
        output.WriteText(source.ItemId);
        output.WriteText(source.Category);
        output.WriteText(source.Brand);
        output.WriteNumber(source.Quantity);
        output.WriteText(source.Query);
        output.WriteText(source.DecisionId);
        output.WriteText(source.Placement);
        if (has.HasFlag(Has.Price))
        {
            output.WriteDouble(source.Price);
        }

        if (has.HasFlag(Has.Value))
        {
            output.WriteDouble(source.Value);
        }

        if (has.HasFlag(Has.Consent))
        {
            Write(output, source.Consent);
        }

        if (has.HasFlag(Has.Exposures))
        {
            output.WriteNumber(source.Exposures.Count);
            foreach (var exposure in source.Exposures)
            {
                output.WriteText(exposure.Experiment);
                output.WriteNumber(exposure.Version);
                output.WriteText(exposure.Variant);
            }
        }

        if (has.HasFlag(Has.PreviousId))
        {
            output.WriteText(source.PreviousId);
        }

        if (has.HasFlag(Has.Contributions))
        {
            Write(output, source.Contributions);
        }

        if (has.HasFlag(Has.SchemaVersion))
        {
            output.WriteNumber(source.SchemaVersion);
        }
    }

    /// <summary>Reads the events of one log record.</summary>
    /// <exception cref="InvalidDataException">The bytes are no events, or were written by a newer version.</exception>
    public static IReadOnlyList<Event> Read(ReadOnlySpan<byte> bytes)
    {
        var events = new List<Event>();
        var reader = new BytesReader(bytes);
        while (!reader.AtEnd)
        {
            events.Add(ReadOne(ref reader));
        }

        return events;
    }

    private static Event ReadOne(ref BytesReader reader)
    {
        var version = reader.ReadByte();
        if (version != Version)
        {
            throw new InvalidDataException($"The event has version {version}; this program reads version {Version}.");
        }

        var has = (Has)reader.ReadUInt32();
        var messageId = reader.ReadRequiredText();
        var type = reader.ReadRequiredText();
        var receivedAt = reader.ReadNumber();
        var timestamp = receivedAt - reader.ReadNumber();
        var anonymousId = reader.ReadText();
        var userId = reader.ReadText();
        var itemId = reader.ReadText();
        var category = reader.ReadText();
        var brand = reader.ReadText();
        var quantity = reader.ReadInt32();
        var query = reader.ReadText();
        var decisionId = reader.ReadText();
        var placement = reader.ReadText();
        var price = has.HasFlag(Has.Price) ? reader.ReadDouble() : double.NaN;
        var value = has.HasFlag(Has.Value) ? reader.ReadDouble() : double.NaN;
        var consent = has.HasFlag(Has.Consent) ? ReadConsent(ref reader) : default;
        var exposures = has.HasFlag(Has.Exposures) ? ReadExposures(ref reader) : [];
        var previousId = has.HasFlag(Has.PreviousId) ? reader.ReadRequiredText() : null;
        var contributions = has.HasFlag(Has.Contributions) ? ReadContributions(ref reader) : [];
        var schemaVersion = has.HasFlag(Has.SchemaVersion) ? reader.ReadInt32() : 0;
        var read = new Event
        {
            MessageId = messageId,
            Type = EventTypes.Shared(type),
            Timestamp = timestamp,
            ReceivedAt = receivedAt,
            AnonymousId = anonymousId,
            UserId = userId,
            PreviousId = previousId,
            SchemaVersion = schemaVersion,
            Consent = consent,
            ItemId = itemId,
            Price = price,
            Quantity = quantity,
            Query = query,
            DecisionId = decisionId,
            Placement = placement,
            Value = value,
        }.With(category, brand);
        read.Expose(exposures);
        read.Contribute(contributions);
        if (has.HasFlag(Has.Automated))
        {
            read.MarkAutomated();
        }

        return read;
    }

    private static void Write(IBufferWriter<byte> output, Consent consent)
    {
        // What only choices have is in a third byte, which the highest bit of the first one announces.
        var more = (byte)((int)consent.Withdrawn | ((int)consent.Source << ConsentSourceShift));
        output.WriteByte((byte)((int)consent.Granted | (more == 0 ? 0 : MoreConsent)));
        output.WriteByte((byte)consent.Denied);
        if (more != 0)
        {
            output.WriteByte(more);
        }
    }

    private static Consent ReadConsent(ref BytesReader reader)
    {
        int granted = reader.ReadByte();
        var consent = new Consent((Purposes)granted & PurposeNames.Every, (Purposes)reader.ReadByte() & PurposeNames.Every);
        if ((granted & MoreConsent) == 0)
        {
            return consent;
        }

        int more = reader.ReadByte();
        return consent with { Withdrawn = (Purposes)more & PurposeNames.Every, Source = (ConsentSource)(more >> ConsentSourceShift) };
    }

    private static Exposure[] ReadExposures(ref BytesReader reader)
    {
        var exposures = new Exposure[reader.ReadCount()];
        for (var i = 0; i < exposures.Length; i++)
        {
            exposures[i] = new Exposure(reader.ReadRequiredText(), reader.ReadInt32(), reader.ReadRequiredText());
        }

        return exposures;
    }

    private static void Write(IBufferWriter<byte> output, IReadOnlyList<Contribution> contributions)
    {
        output.WriteNumber(contributions.Count);
        foreach (var contribution in contributions)
        {
            output.WriteText(contribution.Feature);
            output.WriteByte((byte)contribution.How);
            output.WriteByte(contribution.Window);
            output.WriteSigned(contribution.Amount);
            output.WriteText(contribution.Word);
        }
    }

    private static Contribution[] ReadContributions(ref BytesReader reader)
    {
        var contributions = new Contribution[reader.ReadCount()];
        for (var i = 0; i < contributions.Length; i++)
        {
            contributions[i] = new Contribution(
                reader.ReadRequiredText(), (Accumulation)reader.ReadByte(), reader.ReadByte(), reader.ReadSigned(), reader.ReadText());
        }

        return contributions;
    }
}
