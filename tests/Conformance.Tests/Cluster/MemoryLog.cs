using System.Buffers;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using Personalization.Core.Privacy;
using Personalization.Grains;
using Personalization.Grains.Lanes;

namespace Personalization.Conformance.Tests.Cluster;

/// <summary>A log of one partition that brings its events when it is told to: what is acknowledged and not brought yet can be looked at.</summary>
internal sealed class MemoryLog : IEventAppender
{
    private readonly Lock _gate = new();
    private readonly List<byte[]> _records = [];

    public ValueTask<long[]> AppendAsync(IReadOnlyList<Event> events, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var positions = new long[events.Count];
            for (var i = 0; i < positions.Length; i++)
            {
                var record = new ArrayBufferWriter<byte>();
                EventCodec.Write(record, events[i]);
                positions[i] = LogPosition.Of(0, _records.Count);
                _records.Add(record.WrittenSpan.ToArray());
            }

            return new(positions);
        }
    }

    public ValueTask<IReadOnlyList<Remainder>> RemaindersAsync() => new([new Remainder("memory", null)]);

    /// <summary>Reads all events from an offset on, anew, as every reader of a log gets them.</summary>
    public LaneEvent[] ReadFrom(int offset)
    {
        lock (_gate)
        {
            return [.. _records.Skip(offset).Select((record, i) => new LaneEvent(EventCodec.Read(record)[0], LogPosition.Of(0, offset + i)))];
        }
    }
}
