using System.Buffers;
using Personalization.Core.Conditions;

namespace Personalization.Core.Decisions;

/// <summary>The binary form in which decisions are remembered: small, and quick to write, because every decision is.</summary>
public static class DecisionCodec
{
    private const byte Version = 2;

    /// <summary>Appends a decision.</summary>
    public static void Write(IBufferWriter<byte> output, Decision decision)
    {
        output.WriteByte(Version);
        output.WriteFixed(decision.Id.High);
        output.WriteFixed(decision.Id.Low);
        output.WriteText(decision.PersonId);
        output.WriteText(decision.DeviceId == decision.PersonId ? null : decision.DeviceId);
        output.WriteNumber(decision.DecidedAt);
        output.WriteNumber(decision.ProfileVersion);
        output.WriteNumber(decision.ConfigurationRevision);
        output.WriteNumber(decision.Placements.Count);
        for (var i = 0; i < decision.Placements.Count; i++)
        {
            Write(output, decision.Placements[i]);
        }

        output.WriteNumber(decision.Features.Count);
        for (var i = 0; i < decision.Features.Count; i++)
        {
            output.WriteText(decision.Features[i].Name);
            Write(output, decision.Features[i].Value);
        }
    }

    /// <summary>Reads the id of a decision that <see cref="Write(IBufferWriter{byte}, Decision)"/> wrote, and nothing else.</summary>
    public static DecisionId ReadId(ReadOnlySpan<byte> bytes)
    {
        var reader = new BytesReader(bytes);
        reader.ReadByte();
        return new DecisionId(reader.ReadFixed(), reader.ReadFixed());
    }

    /// <summary>Reads the id of a decision's person, and nothing else.</summary>
    public static string ReadPerson(ReadOnlySpan<byte> bytes)
    {
        var reader = new BytesReader(bytes);
        reader.ReadByte();
        reader.ReadFixed();
        reader.ReadFixed();
        return reader.ReadRequiredText();
    }

    /// <summary>Reads the id of the device that asked for a decision where it is not the person's, and nothing else.</summary>
    public static string? ReadDevice(ReadOnlySpan<byte> bytes)
    {
        var reader = new BytesReader(bytes);
        var version = reader.ReadByte();
        reader.ReadFixed();
        reader.ReadFixed();
        reader.ReadRequiredText();
        return version == 1 ? null : reader.ReadText();
    }

    private static void Write(IBufferWriter<byte> output, PlacementDecision placement)
    {
        output.WriteText(placement.Name);
        output.WriteByte((byte)placement.Reason);
        output.WriteText(placement.Experience?.Id);
        output.WriteText(placement.Experiment?.Id);
        if (placement.Experiment is not null)
        {
            output.WriteNumber(placement.Experiment.Version);
            output.WriteText(placement.Variant?.Key);
            output.WriteDouble(placement.Propensity);
        }

        output.WriteNumber(placement.Items.Count);
        for (var i = 0; i < placement.Items.Count; i++)
        {
            var item = placement.Items[i];
            output.WriteText(item.Item.Id);
            output.WriteDouble(item.Score);
            output.WriteByte((byte)item.Strategy);
            if (item.Strategy == RecommendStrategy.Next)
            {
                output.WriteText(item.Because?.Id);
            }
        }
    }

    private static void Write(IBufferWriter<byte> output, AttributeValue value)
    {
        output.WriteByte((byte)value.Kind);
        switch (value.Kind)
        {
            case AttributeKind.Boolean:
                output.WriteByte(value.Boolean ? (byte)1 : (byte)0);
                break;
            case AttributeKind.Number:
                output.WriteDouble(value.Number);
                break;
            case AttributeKind.Text:
                output.WriteText(value.Text);
                break;
            case AttributeKind.Array:
                output.WriteNumber(value.Count);
                for (var i = 0; i < value.Count; i++)
                {
                    Write(output, value[i]);
                }

                break;
            default:
                // An object is what a page sent as its context: too large to keep, and its members are features of their own.
                break;
        }
    }

    /// <summary>Reads a decision that <see cref="Write(IBufferWriter{byte}, Decision)"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no decision, or were written by a newer version of the program.</exception>
    public static DecisionRecord Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new BytesReader(bytes);
        var version = reader.ReadByte();
        if (version is 0 or > Version)
        {
            throw new InvalidDataException($"The decision has version {version}; this program reads versions 1 to {Version}.");
        }

        var id = new DecisionId(reader.ReadFixed(), reader.ReadFixed());
        var person = reader.ReadRequiredText();
        var device = version == 1 ? null : reader.ReadText();
        var decidedAt = reader.ReadNumber();
        var profileVersion = reader.ReadNumber();
        var revision = reader.ReadNumber();
        var placements = new PlacementRecord[reader.ReadCount()];
        for (var i = 0; i < placements.Length; i++)
        {
            placements[i] = ReadPlacement(ref reader);
        }

        var features = new FeatureValue[reader.ReadCount()];
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = new FeatureValue(reader.ReadRequiredText(), ReadValue(ref reader));
        }

        return new DecisionRecord
        {
            Id = id,
            PersonId = person,
            DeviceId = device,
            DecidedAt = decidedAt,
            ProfileVersion = profileVersion,
            ConfigurationRevision = revision,
            Placements = placements,
            Features = features,
        };
    }

    private static PlacementRecord ReadPlacement(ref BytesReader reader)
    {
        var name = reader.ReadRequiredText();
        var reason = (DecisionReason)reader.ReadByte();
        var experience = reader.ReadText();
        var experiment = reader.ReadText();
        var version = experiment is null ? 0 : reader.ReadInt32();
        var variant = experiment is null ? null : reader.ReadText();
        var propensity = experiment is null ? 1 : reader.ReadDouble();
        var items = new ItemRecord[reader.ReadCount()];
        for (var i = 0; i < items.Length; i++)
        {
            var item = reader.ReadRequiredText();
            var score = reader.ReadDouble();
            var strategy = (RecommendStrategy)reader.ReadByte();
            items[i] = new ItemRecord(item, score, strategy, strategy == RecommendStrategy.Next ? reader.ReadText() : null);
        }

        return new PlacementRecord(name, reason, experience, experiment, version, variant, propensity, items);
    }

    private static AttributeValue ReadValue(ref BytesReader reader)
    {
        switch ((AttributeKind)reader.ReadByte())
        {
            case AttributeKind.Boolean:
                return AttributeValue.From(reader.ReadByte() != 0);
            case AttributeKind.Number:
                return AttributeValue.From(reader.ReadDouble());
            case AttributeKind.Text:
                return AttributeValue.From(reader.ReadText());
            case AttributeKind.Array:
                var elements = new AttributeValue[reader.ReadCount()];
                for (var i = 0; i < elements.Length; i++)
                {
                    elements[i] = ReadValue(ref reader);
                }

                return AttributeValue.FromArray(elements);
            case AttributeKind.Null:
                return AttributeValue.Null;
            default:
                return AttributeValue.Missing;
        }
    }
}
