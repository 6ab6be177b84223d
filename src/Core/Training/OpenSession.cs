using System.Buffers;
using Personalization.Core.Events;
using Personalization.Core.Profiles;

namespace Personalization.Core.Training;

/// <summary>A session as it is recorded for training while it goes on. Not thread-safe.</summary>
public sealed class OpenSession
{
    /// <summary>The most steps that are recorded; longer sessions are robots, or teach nothing more.</summary>
    public const int MostSteps = 200;

    private const byte CodecVersion = 1;

    private readonly List<(int Type, int Item, int Seconds)> _steps = [];
    private int _purchases;
    private double _revenue;
    private double _reward;

    /// <summary>Begins a session with the time of its first step, in milliseconds since the Unix epoch.</summary>
    public OpenSession(long startedAt) => StartedAt = LastAt = startedAt;

    /// <summary>Gets the time of its first step, in milliseconds since the Unix epoch.</summary>
    public long StartedAt { get; }

    /// <summary>Gets the time of its last step, in milliseconds since the Unix epoch.</summary>
    public long LastAt { get; private set; }

    /// <summary>Says whether an event is something that a session records.</summary>
    public static bool Records(Event source) =>
        source.Type == EventTypes.Reward || (source.ItemId is not null && EventTypes.InterestWeight(source.Type) > 0);

    /// <summary>Says whether something that happens at a time belongs to this session.</summary>
    public bool Continues(long at) => at >= StartedAt && at - LastAt < UserProfile.SessionGapSeconds * 1000L;

    /// <summary>Records an event; <see cref="Records"/> and <see cref="Continues"/> hold for it.</summary>
    public void Add(Event source, Vocabulary words)
    {
        LastAt = Math.Max(LastAt, source.Timestamp);
        if (source.Type == EventTypes.Reward)
        {
            _reward += double.IsFinite(source.Value) ? source.Value : 1;
            return;
        }

        if (source.Type == EventTypes.Purchase)
        {
            _purchases += source.Quantity;
            _revenue += double.IsFinite(source.Price) ? source.Price * source.Quantity : 0;
        }

        var (type, item) = (words.Number(source.Type), words.Number(source.ItemId!));
        if (_steps.Count < MostSteps && type >= 0 && item >= 0)
        {
            _steps.Add((type, item, (int)((source.Timestamp - StartedAt) / 1000)));
        }
    }

    /// <summary>Writes it.</summary>
    public void Write(IBufferWriter<byte> output, Vocabulary words)
    {
        output.WriteByte(CodecVersion);
        output.WriteNumber(StartedAt);
        output.WriteNumber(LastAt);
        output.WriteNumber(_purchases);
        output.WriteDouble(_revenue);
        output.WriteDouble(_reward);
        output.WriteNumber(_steps.Count);
        foreach (var (type, item, seconds) in _steps)
        {
            output.WriteText(words[type]);
            output.WriteText(words[item]);
            output.WriteNumber(seconds);
        }
    }

    /// <summary>Goes on with a session that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no session.</exception>
    public static OpenSession Resume(ReadOnlySpan<byte> bytes, Vocabulary words)
    {
        var read = Read(default, bytes);
        var session = new OpenSession(read.StartedAt)
        {
            _purchases = read.Purchases,
            _revenue = read.Revenue,
            _reward = read.Reward,
        };
        foreach (var step in read.Steps)
        {
            session._steps.Add((words.Number(step.Type), words.Number(step.Item), step.Seconds));
        }

        var reader = new BytesReader(bytes);
        reader.ReadByte();
        reader.ReadNumber();
        session.LastAt = reader.ReadNumber();
        return session;
    }

    /// <summary>Reads a session that <see cref="Write"/> wrote, under a pseudonym.</summary>
    /// <exception cref="InvalidDataException">The bytes are no session, or were written by a newer version of the program.</exception>
    public static TrainingSession Read(ReadOnlyMemory<byte> pseudonym, ReadOnlySpan<byte> bytes)
    {
        var reader = new BytesReader(bytes);
        var version = reader.ReadByte();
        if (version != CodecVersion)
        {
            throw new InvalidDataException($"The session has version {version}; this program reads version {CodecVersion}.");
        }

        var startedAt = reader.ReadNumber();
        reader.ReadNumber();
        var purchases = reader.ReadInt32();
        var revenue = reader.ReadDouble();
        var reward = reader.ReadDouble();
        var steps = new TrainingStep[reader.ReadCount()];
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i] = new TrainingStep(reader.ReadRequiredText(), reader.ReadRequiredText(), reader.ReadInt32());
        }

        return new TrainingSession
        {
            Pseudonym = pseudonym,
            StartedAt = startedAt,
            Steps = steps,
            Purchases = purchases,
            Revenue = revenue,
            Reward = reward,
        };
    }
}
