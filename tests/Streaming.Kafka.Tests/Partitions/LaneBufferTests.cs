using Personalization.Kafka.Reading;
using Personalization.Kafka.Records;

namespace Personalization.Streaming.Kafka.Tests.Partitions;

public sealed class LaneBufferTests
{
    [Fact]
    public void A_batch_holds_no_more_records_than_it_may()
    {
        var buffer = Filled(new LaneBuffer(0, 1, maxRecords: 3, maxBytes: int.MaxValue), lane: 0, records: 7);

        Assert.Equal([3, 3, 1], Sizes(buffer));
        Assert.True(buffer.IsEmpty);
    }

    [Fact]
    public void A_batch_holds_no_more_bytes_than_it_may_and_at_least_one_record()
    {
        var record = new KafkaRecord { Partition = 0, Offset = 0, Value = new byte[1_000] };
        Assert.Equal([2, 2, 1], Sizes(Filled(new LaneBuffer(0, 1, 500, record.Weight * 2), 0, 5)));
        Assert.Equal([1, 1, 1, 1, 1], Sizes(Filled(new LaneBuffer(0, 1, 500, 1), 0, 5)));
    }

    [Fact]
    public void Every_lane_has_its_turn_where_not_all_may_come_at_once()
    {
        var buffer = new LaneBuffer(0, 4, 1, int.MaxValue);
        for (var lane = 0; lane < 4; lane++)
        {
            Filled(buffer, lane, 2);
        }

        var lanes = Enumerable.Range(0, 4).Select(_ => Assert.Single(buffer.Take(1)).Lane);
        Assert.Equal([0, 1, 2, 3], lanes);
    }

    private static LaneBuffer Filled(LaneBuffer buffer, int lane, int records)
    {
        for (var i = 0; i < records; i++)
        {
            buffer.Add(lane, new KafkaRecord { Partition = 0, Offset = i, Value = new byte[1_000] });
        }

        return buffer;
    }

    private static List<int> Sizes(LaneBuffer buffer)
    {
        var sizes = new List<int>();
        while (buffer.Take(64) is { Count: > 0 } batches)
        {
            sizes.AddRange(batches.Select(batch => batch.Records.Count));
        }

        return sizes;
    }
}
