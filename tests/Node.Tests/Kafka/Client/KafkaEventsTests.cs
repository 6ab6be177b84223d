using Microsoft.Extensions.Logging.Abstractions;
using Personalization.Core;
using Personalization.Core.Decisions;
using Personalization.Core.Ingestion;
using Personalization.Node.Kafka;
using Personalization.Node.Storage;
using Personalization.Streaming.Kafka.Tests.Support;

namespace Personalization.Node.Tests.Kafka;

/// <summary>A node whose log is a topic, against a broker that speaks Kafka's protocol.</summary>
public sealed class KafkaEventsTests : IDisposable
{
    private readonly MockKafka _kafka = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _kafka.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_acknowledged_lies_in_the_topic_and_in_the_profile()
    {
        _kafka.Create(4);
        using var node = new NodeOnKafka(_kafka, _folder.Path);

        // Until then the node is not ready, and a decision that names a version is called stale.
        await node.Log.Line("Everything is folded that topic 'events' held at the start");
        for (var person = 0; person < 8; person++)
        {
            var receipt = await node.Node.IngestAsync([NodeOnKafka.Click($"p{person}", 1), NodeOnKafka.Click($"p{person}", 2)], default);
            Assert.Equal((2, 0, 0), (receipt.Accepted, receipt.Duplicates, receipt.Dropped));
            Assert.Equal(2, await node.CountAsync($"p{person}"));

            var decision = await node.Node.DecideAsync(
                new DecisionRequest { AnonymousId = $"p{person}", MinProfileVersion = receipt.ProfileVersion }, default);
            Assert.False(decision.IsStale);
        }

        Assert.All(_kafka.Read("events", 16), record => Assert.Equal(KeyPartition.Of(record.Message.Key, 4), record.Partition.Value));
    }

    [Fact]
    public async Task An_event_sent_again_counts_once_and_is_told()
    {
        _kafka.Create(2);
        using var node = new NodeOnKafka(_kafka, _folder.Path);
        await node.Node.IngestAsync([NodeOnKafka.Click("ann", 1)], default);

        var again = await node.Node.IngestAsync([NodeOnKafka.Click("ann", 1), NodeOnKafka.Click("ann", 2)], default);
        Assert.Equal((2, 1), (again.Accepted, again.Duplicates));
        Assert.Equal(2, await node.CountAsync("ann"));
    }

    [Fact]
    public async Task Events_that_other_programs_write_are_folded_and_what_is_no_event_is_put_aside()
    {
        _kafka.Create(1);
        using var node = new NodeOnKafka(_kafka, _folder.Path);
        await _kafka.WriteAsync(0, "ann"u8.ToArray(), [0xFF, 0xFF]);
        await _kafka.WriteAsync(0, NodeOnKafka.Click("ann", 1));

        await node.UntilAsync("ann", 1);
        Assert.Equal("ann"u8.ToArray(), Assert.Single(_kafka.Read("events.dead-letters", 1)).Message.Key);
    }

    [Fact]
    public async Task A_start_reads_on_exactly_after_the_checkpoint_whatever_the_group_has_committed()
    {
        _kafka.Create(1);
        using var node = new NodeOnKafka(_kafka, _folder.Path);
        for (var number = 0; number < 10; number++)
        {
            await node.Node.IngestAsync([NodeOnKafka.Click("ann", number)], default);
        }

        node.Restart();
        await node.Log.Line("Reading events/0 from offset 10 (end 10");
        Assert.Equal(10, await node.CountAsync("ann"));

        // The group is behind where a commit was lost, and ahead where the folder is a restored backup. Neither is asked.
        using var backup = new TemporaryFolder();
        node.Stop();
        File.Copy(_folder["personalization.db"], backup["personalization.db"]);
        node.Restart();
        for (var number = 10; number < 15; number++)
        {
            await node.Node.IngestAsync([NodeOnKafka.Click("ann", number)], default);
        }

        node.Stop();
        Assert.Equal(15, _kafka.Committed(0, "personalization.node"));
        using var restored = new NodeOnKafka(_kafka, backup.Path);
        await restored.Log.Line("Reading events/0 from offset 10 (end 15");
        await restored.UntilAsync("ann", 15);
        Assert.Equal(15, await restored.CountAsync("ann"));
    }

    [Fact]
    public async Task The_same_stream_gives_the_same_profiles_as_a_log_of_files()
    {
        _kafka.Create(1);
        using var files = new TemporaryFolder();
        using var plain = NodePersonalizer.Open(
            new NodeOptions { DataFolder = files.Path }, TimeProvider.System, NullLoggerFactory.Instance);
        using var node = new NodeOnKafka(_kafka, _folder.Path);
        for (var number = 0; number < 100; number++)
        {
            await plain.IngestAsync([NodeOnKafka.Click($"p{number % 7}", number)], default);
            await node.Node.IngestAsync([NodeOnKafka.Click($"p{number % 7}", number)], default);
        }

        // One partition counts as a log of files does, so that even the positions are the same.
        for (var person = 0; person < 7; person++)
        {
            Assert.Equal(plain.StateOf($"p{person}"), node.Node.StateOf($"p{person}"));
        }

        node.Restart();
        Assert.Equal(plain.StateOf("p3"), node.Node.StateOf("p3"));
    }

    [Fact]
    public async Task Partitions_that_are_added_move_nobody_and_what_others_write_there_is_folded()
    {
        // The mock can't add partitions; a topic that is deleted and created with more looks the same once it holds as much as before.
        _kafka.Create(2);
        using var node = new NodeOnKafka(_kafka, _folder.Path);
        await node.Node.IngestAsync([.. Enumerable.Range(0, 8).Select(person => NodeOnKafka.Click($"p{person}", 1))], default);
        var ends = new[] { _kafka.End(0), _kafka.End(1) };
        node.Stop();
        _kafka.Delete();
        _kafka.Create(4);
        for (var partition = 0; partition < 2; partition++)
        {
            for (var offset = 0; offset < ends[partition]; offset++)
            {
                await _kafka.WriteAsync(partition, NodeOnKafka.Click("filler", offset));
            }
        }

        node.Restart();
        await node.Node.IngestAsync([.. Enumerable.Range(0, 8).Select(person => NodeOnKafka.Click($"p{person}", 2))], default);
        Assert.Equal((0, 0), (_kafka.End(2), _kafka.End(3)));
        for (var person = 0; person < 8; person++)
        {
            var click = NodeOnKafka.Click($"p{person}", 3);
            await _kafka.WriteAsync(KeyPartition.Of(EventRecord.KeyOf(click), 4), click);
        }

        for (var person = 0; person < 8; person++)
        {
            await node.UntilAsync($"p{person}", 3);
            Assert.Equal(3, await node.CountAsync($"p{person}"));
        }
    }

    [Fact]
    public async Task Brokers_that_are_down_at_the_start_are_waited_for_and_events_are_refused_until_then()
    {
        _kafka.Create(1);
        await _kafka.WriteAsync(0, NodeOnKafka.Click("ann", 1));
        _kafka.Down();
        using var node = new NodeOnKafka(_kafka, _folder.Path);
        await node.Node.DecideAsync(new DecisionRequest { AnonymousId = "ann" }, default);
        await Assert.ThrowsAsync<UnavailableException>(async () => await node.Node.IngestAsync([NodeOnKafka.Click("ann", 2)], default));
        Assert.False(node.Node.IsCaughtUp);

        _kafka.Up();
        await node.Log.Line("Everything is folded that topic 'events' held at the start");
        Assert.True(node.Node.IsCaughtUp);
        Assert.Equal(1, await node.CountAsync("ann"));
    }

    [Fact]
    public async Task A_folder_belongs_to_one_log()
    {
        _kafka.Create(1);
        using var files = new TemporaryFolder();
        using (var plain = NodePersonalizer.Open(
            new NodeOptions { DataFolder = files.Path }, TimeProvider.System, NullLoggerFactory.Instance))
        {
            await plain.IngestAsync([NodeOnKafka.Click("ann", 1)], default);
        }

        Assert.Contains("are folds of its own log, and not of topic 'events'", Refused(files.Path, "events"), StringComparison.Ordinal);
        using (var node = new NodeOnKafka(_kafka, _folder.Path))
        {
            await node.Node.IngestAsync([NodeOnKafka.Click("ann", 1)], default);
        }

        Assert.Contains("are folds of topic 'events'. Start with --events", Refused(_folder.Path, null), StringComparison.Ordinal);
        Assert.Contains("are folds of topic 'events'", Refused(_folder.Path, "other"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_property_that_can_not_be_is_named()
    {
        var refused = Assert.Throws<StorageException>(() => NodePersonalizer.Open(
            new NodeOptions
            {
                DataFolder = _folder.Path,
                Events = new KafkaAddress(_kafka.Brokers, "events"),
                KafkaProperties = ["sasl.pasword=x"],
            },
            TimeProvider.System,
            NullLoggerFactory.Instance));
        Assert.Contains("--kafka-property: No such configuration property: \"sasl.pasword\"", refused.Message, StringComparison.Ordinal);
    }

    private string Refused(string folder, string? topic) => Assert.Throws<StorageException>(() => NodePersonalizer.Open(
        new NodeOptions { DataFolder = folder, Events = topic is null ? null : new KafkaAddress(_kafka.Brokers, topic) },
        TimeProvider.System,
        NullLoggerFactory.Instance)).Message;
}
