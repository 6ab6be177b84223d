using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Personalization.Core.Events;
using Personalization.Core.Ingestion;
using Personalization.Kafka;
using Personalization.Kafka.Durability;
using Personalization.Kafka.Reading;
using Personalization.Kafka.Records;
using Personalization.Streaming.Kafka.Tests.Support;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Personalization.Streaming.Kafka.Tests.Partitions;

public sealed class PartitionReaderTests : IDisposable
{
    private readonly MockKafka _kafka = new();

    public PartitionReaderTests() => _kafka.Create(2);

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task Records_come_lane_by_lane_in_the_order_of_their_offsets()
    {
        await _kafka.WriteAsync(0, 200, 20);
        await using var reading = new PartitionReading(_kafka.Options());

        var batches = await reading.TakeAsync(200);

        Assert.Equal(Enumerable.Range(0, 200).Select(i => (long)i), PartitionReading.Offsets(batches));
        Assert.All(batches.GroupBy(batch => batch.Lane), lane =>
        {
            var offsets = lane.SelectMany(batch => batch.Records).Select(record => record.Offset).ToArray();
            Assert.Equal(offsets.Order(), offsets);
            Assert.All(lane.SelectMany(batch => batch.Records), record => Assert.Equal(lane.Key, new LanePlan(4).LaneOf(record.Key)));
        });
    }

    [Fact]
    public async Task A_malformed_record_in_the_midst_becomes_a_dead_letter_and_hurts_no_other()
    {
        await _kafka.WriteAsync(0, 3, 1);
        await _kafka.WriteAsync(0, "anna"u8.ToArray(), [0xFF, 0xFF]);
        await _kafka.WriteAsync(0, 3, 1, first: 3);
        await using var reading = new PartitionReading(_kafka.Options());

        Assert.Equal([0, 1, 2, 4, 5, 6], await reading.DeliverAsync(6));

        var letter = Assert.Single(_kafka.Read("events.dead-letters", 1));
        Assert.Equal("anna"u8.ToArray(), letter.Message.Key);
        Assert.Equal([0xFF, 0xFF], letter.Message.Value);
        Assert.Equal("events", Header(letter, KafkaDeadLetters.TopicHeader));
        Assert.Equal("0", Header(letter, KafkaDeadLetters.PartitionHeader));
        Assert.Equal("3", Header(letter, KafkaDeadLetters.OffsetHeader));
        Assert.Equal("damaged", Header(letter, KafkaDeadLetters.ReasonHeader));
        Assert.Equal("1", Header(letter, EventRecord.VersionHeader));

        await reading.Reader.StopAsync();
        Assert.Equal(7, _kafka.Committed(0));
    }

    [Fact]
    public async Task Records_that_can_not_be_events_become_dead_letters_with_the_reason()
    {
        var value = EventRecord.ValueOf(Some.Event(0, 0, 1));
        await _kafka.WriteAsync(0, null, value);
        await _kafka.WriteAsync(0, "anna"u8.ToArray(), null);
        await _kafka.WriteAsync(0, "anna"u8.ToArray(), value, version: null);
        await _kafka.WriteAsync(0, "anna"u8.ToArray(), value, version: "9");
        await _kafka.WriteAsync(0, "anna"u8.ToArray(), value);
        await _kafka.WriteAsync(0, 1, 1);
        await using var reading = new PartitionReading(_kafka.Options());

        Assert.Equal([5], await reading.DeliverAsync(1));
        Assert.Equal(
            ["foreign-key", "no-key", "no-value", "unknown-version", "unknown-version"],
            _kafka.Read("events.dead-letters", 5).Select(letter => Header(letter, KafkaDeadLetters.ReasonHeader)).Order());
    }

    [Fact]
    public async Task A_format_that_throws_costs_its_record_and_not_the_partition()
    {
        await _kafka.WriteAsync(0, 3, 1);
        await using var reading = new PartitionReading(_kafka.Options(), format: new ThrowsAt(1));

        Assert.Equal([0, 2], await reading.DeliverAsync(2));
        Assert.Equal("format-threw", Header(Assert.Single(_kafka.Read("events.dead-letters", 1)), KafkaDeadLetters.ReasonHeader));
    }

    [Fact]
    public async Task A_dead_letter_that_the_brokers_refuse_is_tried_again_and_the_commit_waits_for_it()
    {
        await _kafka.WriteAsync(0, "anna"u8.ToArray(), [1]);
        _kafka.Fail(MockKafka.ApiKey.Produce, ErrorCode.MsgSizeTooLarge, ErrorCode.MsgSizeTooLarge);
        await using var reading = new PartitionReading(_kafka.Options());

        await reading.Log.Line("could not be written to the dead-letter topic", LogLevel.Error);
        await reading.Log.Line("became a dead letter");
        await reading.Reader.StopAsync();

        Assert.Equal(1, _kafka.Committed(0));
    }

    [Fact]
    public async Task Only_what_is_contiguously_delivered_is_committed()
    {
        await _kafka.WriteAsync(0, 12, 12);
        await using var reading = new PartitionReading(_kafka.Options(options => options.MaxBatchRecords = 1));
        var batches = (await reading.TakeAsync(12)).OrderBy(batch => batch.LastOffset).ToList();

        foreach (var batch in batches.Where(batch => batch.LastOffset != 5))
        {
            reading.Reader.Delivered(batch);
        }

        await reading.Reader.CommitAsync(default);
        Assert.Equal(5, _kafka.Committed(0));

        reading.Reader.Delivered(batches[5]);
        await reading.Reader.CommitAsync(default);
        Assert.Equal(12, _kafka.Committed(0));
    }

    [Fact]
    public async Task A_crash_before_the_commit_costs_replay_and_no_record()
    {
        await _kafka.WriteAsync(0, 10, 3);
        var crashed = new PartitionReading(_kafka.Options(options => options.CommitInterval = TimeSpan.FromHours(1)));
        await crashed.DeliverAsync(10);

        // Left as it is, as a crash would: neither stopped nor committed.
        await using var next = new PartitionReading(_kafka.Options());
        Assert.Equal(10, (await next.DeliverAsync(10)).Count);
        await crashed.DisposeAsync();
    }

    [Fact]
    public async Task A_crash_after_the_commit_replays_nothing()
    {
        await _kafka.WriteAsync(0, 10, 3);
        await using (var first = new PartitionReading(_kafka.Options()))
        {
            await first.DeliverAsync(10);
            await first.Reader.CommitAsync(default);
        }

        await _kafka.WriteAsync(0, 5, 3, first: 10);
        await using var next = new PartitionReading(_kafka.Options());
        Assert.Equal([10, 11, 12, 13, 14], await next.DeliverAsync(5));
    }

    [Fact]
    public async Task Two_readers_of_one_partition_never_take_the_commit_back()
    {
        await _kafka.WriteAsync(0, 20, 1);
        var slow = _kafka.Options(options => (options.CommitInterval, options.MaxBatchRecords) = (TimeSpan.FromHours(1), 1));
        await using var behind = new PartitionReading(slow);
        await using var ahead = new PartitionReading(slow);

        var late = await behind.TakeAsync(20);
        await ahead.DeliverAsync(20);
        await ahead.Reader.CommitAsync(default);
        Assert.Equal(20, _kafka.Committed(0));

        late.Take(7).ToList().ForEach(behind.Reader.Delivered);
        await behind.Reader.CommitAsync(default);
        Assert.Equal((20, 20), (_kafka.Committed(0), behind.Reader.Committed));
    }

    [Fact]
    public async Task Stopping_commits_what_was_delivered_and_leaves_the_lanes_that_were_not()
    {
        await _kafka.WriteAsync(0, 8, 8);
        var one = _kafka.Options(options => (options.CommitInterval, options.MaxBatchRecords) = (TimeSpan.FromHours(1), 1));
        await using (var first = new PartitionReading(one))
        {
            var batches = (await first.TakeAsync(8)).OrderBy(batch => batch.LastOffset);
            batches.Take(3).ToList().ForEach(first.Reader.Delivered);
        }

        Assert.Equal(3, _kafka.Committed(0));
        await using var next = new PartitionReading(one);
        Assert.Equal([3, 4, 5, 6, 7], await next.DeliverAsync(5));
    }

    [Fact]
    public async Task A_durable_commit_waits_for_the_report_of_the_lane()
    {
        var offsets = new InMemoryDurableOffsets();
        var options = _kafka.Options(set => (set.CommitWhen, set.CommitInterval) = (KafkaCommit.Durable, TimeSpan.FromHours(1)));
        await _kafka.WriteAsync(0, 30, 10);
        await using var reading = new PartitionReading(options, durable: offsets);

        var batches = await reading.TakeAsync(30);
        batches.ForEach(reading.Reader.Delivered);
        await reading.Reader.CommitAsync(default);
        Assert.Equal(0, _kafka.Committed(0));

        foreach (var lane in batches.GroupBy(batch => batch.Lane))
        {
            await offsets.ReportAsync(LaneKey.Of(options, 0, lane.Key), lane.Max(batch => batch.LastOffset), default);
        }

        await reading.Reader.CommitAsync(default);
        Assert.Equal(30, _kafka.Committed(0));
    }

    [Fact]
    public async Task After_a_crash_reading_begins_after_what_every_lane_reported_even_without_a_commit()
    {
        var offsets = new InMemoryDurableOffsets();
        var options = _kafka.Options(set => set.CommitWhen = KafkaCommit.Durable);
        await _kafka.WriteAsync(0, 30, 10);
        for (var lane = 0; lane < 4; lane++)
        {
            await offsets.ReportAsync(LaneKey.Of(options, 0, lane), 20 + lane, default);
        }

        await using var reading = new PartitionReading(options, durable: offsets);
        Assert.Equal(21, (await reading.DeliverAsync(9))[0]);
    }

    [Fact]
    public async Task A_lane_that_takes_and_never_reports_is_named_in_the_log()
    {
        var options = _kafka.Options(set =>
        {
            (set.CommitWhen, set.StallWarning, set.CommitInterval) = (
                KafkaCommit.Durable, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20));
        });
        await _kafka.WriteAsync(0, 1, 1);
        await using var reading = new PartitionReading(options, durable: new InMemoryDurableOffsets());
        await reading.DeliverAsync(1);

        var (level, line) = await reading.Log.Line("does not report it durable");
        Assert.Equal(LogLevel.Error, level);
        Assert.Contains($"Lane {new LanePlan(4).LaneOf(Some.Person(0, 0))} of events/0", line, StringComparison.Ordinal);
        await reading.Reader.StopAsync();
        Assert.Equal(0, _kafka.Committed(0));
    }

    [Fact]
    public async Task Reading_pauses_at_the_cap_and_goes_on_when_there_is_room()
    {
        await _kafka.WriteAsync(0, 500, 5);
        await using var reading = new PartitionReading(_kafka.Options(options => options.MaxBufferedRecords = 50));
        await reading.Log.Line("is paused");
        Assert.Equal((50, true), (reading.Reader.BufferedRecords, reading.Reader.IsPaused));

        Assert.Equal(Enumerable.Range(0, 500).Select(i => (long)i), await DrainAsync(reading, 500, cap: 50));
    }

    [Fact]
    public async Task Reading_pauses_at_the_cap_of_bytes_and_one_large_record_still_comes()
    {
        var large = new Event { MessageId = new string('m', 20_000), Type = "view", Timestamp = 1, ReceivedAt = 1, UserId = "anna" };
        for (var i = 0; i < 5; i++)
        {
            await _kafka.WriteAsync(0, large);
        }

        await using var reading = new PartitionReading(
            _kafka.Options(options => (options.MaxBufferedBytes, options.MaxBatchBytes) = (1_000, 1_000)));
        Assert.Equal([0, 1, 2, 3, 4], await DrainAsync(reading, 5, cap: 1));
    }

    [Fact]
    public async Task Records_count_against_the_cap_until_they_are_durable()
    {
        var offsets = new InMemoryDurableOffsets();
        var options = _kafka.Options(
            set => (set.CommitWhen, set.MaxBufferedRecords, set.CommitInterval) = (KafkaCommit.Durable, 40, TimeSpan.FromMilliseconds(20)));
        await _kafka.WriteAsync(0, 100, 1);
        await using var reading = new PartitionReading(options, durable: offsets);

        Assert.Equal(40, (await reading.DeliverAsync(40)).Count);
        await reading.Log.Line("is paused");
        Assert.Empty(reading.Reader.Take(64));

        await offsets.ReportAsync(LaneKey.Of(options, 0, new LanePlan(4).LaneOf(Some.Person(0, 0))), 39, default);
        Assert.Equal(40, (await reading.DeliverAsync(40))[0]);
    }

    [Fact]
    public async Task Offsets_that_are_gone_before_they_were_read_are_counted_and_reading_goes_on()
    {
        await _kafka.WriteAsync(0, 20, 1);
        _kafka.Commit(0, 5);
        _kafka.Expire(0, 12);
        await using var reading = new PartitionReading(_kafka.Options());

        Assert.Equal(12, (await reading.DeliverAsync(8))[0]);
        Assert.Equal(LogLevel.Error, (await reading.Log.Line("7 offsets of events/0 were gone before they were read")).Level);
    }

    [Fact]
    public async Task A_position_beyond_the_end_is_not_read_from_and_a_new_epoch_begins_anew()
    {
        _kafka.Commit(0, 1_000);
        await _kafka.WriteAsync(0, 3, 1);
        await using (var reading = new PartitionReading(_kafka.Options()))
        {
            await reading.Log.Line("lies beyond the end of the partition");
            Assert.Empty(reading.Reader.Take(64));
        }

        await using var renewed = new PartitionReading(_kafka.Options(options => options.TopicEpoch = 1));
        Assert.Equal([0, 1, 2], await renewed.DeliverAsync(3));
        Assert.Equal(1_000, _kafka.Committed(0));
    }

    [Fact]
    public async Task Without_a_position_latest_begins_after_the_newest_record_and_keeps_that_position()
    {
        await _kafka.WriteAsync(0, 5, 1);
        await using (var reading = new PartitionReading(_kafka.Options(options => options.Start = KafkaStartPosition.Latest)))
        {
            await reading.Log.Line("from offset 5");
        }

        await _kafka.WriteAsync(0, 2, 1, first: 5);
        await using var next = new PartitionReading(_kafka.Options(options => options.Start = KafkaStartPosition.Latest));
        Assert.Equal([5, 6], await next.DeliverAsync(2));
    }

    [Fact]
    public async Task Brokers_that_are_down_at_the_start_are_waited_for()
    {
        await _kafka.WriteAsync(0, 3, 1);
        _kafka.Down();
        await using var reading = new PartitionReading(_kafka.Options(options => options.RequestTimeout = TimeSpan.FromMilliseconds(500)));
        await reading.Log.Line("failed");
        _kafka.Up();

        Assert.Equal([0, 1, 2], await reading.DeliverAsync(3));
    }

    [Fact]
    public async Task Brokers_that_go_away_and_come_back_cost_nothing()
    {
        await _kafka.WriteAsync(0, 3, 1);
        await using var reading = new PartitionReading(_kafka.Options());
        Assert.Equal([0, 1, 2], await reading.DeliverAsync(3));

        _kafka.Down();
        _kafka.Up();
        await _kafka.WriteAsync(0, 3, 1, first: 3);
        Assert.Equal([3, 4, 5], await reading.DeliverAsync(3));
    }

    [Fact]
    public async Task A_commit_that_fails_is_tried_again()
    {
        await _kafka.WriteAsync(0, 3, 1);
        await using var reading = new PartitionReading(_kafka.Options(options => options.CommitInterval = TimeSpan.FromHours(1)));
        await reading.DeliverAsync(3);
        _kafka.Fail(MockKafka.ApiKey.OffsetCommit, ErrorCode.GroupAuthorizationFailed);

        await reading.Reader.CommitAsync(default);
        await reading.Log.Line("Committing events/0 failed");
        Assert.Null(_kafka.Committed(0));

        await reading.Reader.CommitAsync(default);
        Assert.Equal(3, _kafka.Committed(0));
    }

    [Fact]
    public async Task A_batch_that_is_set_aside_lets_the_commit_pass()
    {
        await _kafka.WriteAsync(0, 3, 1);
        await using var reading = new PartitionReading(_kafka.Options(options => options.MaxBatchRecords = 1));
        var batches = await reading.TakeAsync(3);
        reading.Reader.Delivered(batches[0]);
        reading.Reader.Delivered(batches[2]);
        await reading.Reader.SetAsideAsync(batches[1], "not-delivered", "No one took it.");
        await reading.Reader.CommitAsync(default);

        Assert.Equal(3, _kafka.Committed(0));
        var letter = Assert.Single(_kafka.Read("events.dead-letters", 1));
        Assert.Equal(("1", "not-delivered"),
            (Header(letter, KafkaDeadLetters.OffsetHeader), Header(letter, KafkaDeadLetters.ReasonHeader)));
        Assert.Equal(0, reading.Reader.BufferedBytes);
    }

    private static async Task<List<long>> DrainAsync(PartitionReading reading, int records, int cap)
    {
        var offsets = new List<long>();
        while (offsets.Count < records)
        {
            Assert.InRange(reading.Reader.BufferedRecords, 0, cap);
            offsets.AddRange(await reading.DeliverAsync(1));
        }

        offsets.Sort();
        return offsets;
    }

    private static string Header(ConsumeResult<byte[]?, byte[]?> record, string name) =>
        Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(name));

    private sealed class ThrowsAt(long offset) : IKafkaRecordFormat
    {
        public bool TryRead(KafkaRecord record, out object? item, out RecordRefusal refusal)
        {
            (item, refusal) = (null, default);
            return record.Offset == offset ? throw new InvalidOperationException("A fault of the format.") : true;
        }
    }
}
