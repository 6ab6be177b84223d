using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Personalization.Core;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Node;
using Personalization.Node.Storage;
using EventLog = Personalization.Node.Storage.EventLog;

namespace Personalization.Bench.Workload;

/// <summary>Data folders of the shop with a number of people in them, made once and used again by runs of the same build on the same day.</summary>
internal static class Store
{
    // So many people visit every store, so that all recommenders have learned the same. More people are copies of these under ids of
    // their own: a state does not hold its person's id.
    private const int Distinct = 20_000;

    private const int BatchesUnderWay = 8;

    /// <summary>Makes the folder, or finds it, and returns its path.</summary>
    /// <param name="people">How many people are in it at least; 20 000 always are.</param>
    public static async Task<string> WithAsync(int people)
    {
        var folder = Path.Combine(Folders.Artifacts, $"store-{people}");
        var stamp = Path.Combine(folder, "made-by");
        var maker = $"{typeof(IPersonalizer).Module.ModuleVersionId} {typeof(NodePersonalizer).Module.ModuleVersionId} "
            + $"{typeof(Store).Module.ModuleVersionId} {DateTime.UtcNow:yyyy-MM-dd}";
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == maker)
        {
            return folder;
        }

        Folders.Fresh(Path.GetFileName(folder));
        var began = Stopwatch.GetTimestamp();
        await VisitAsync(folder, Distinct);
        Copy(folder, people);
        await File.WriteAllTextAsync(stamp, maker);
        await Console.Error.WriteLineAsync($"  made a store of {people} people in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
        return folder;
    }

    public static NodePersonalizer Open(string folder) =>
        NodePersonalizer.Open(new NodeOptions { DataFolder = folder }, TimeProvider.System, NullLoggerFactory.Instance);

    /// <summary>The decision every row asks for.</summary>
    public static DecisionRequest RequestOf(int person) => new()
    {
        AnonymousId = People.Id(person),
        Page = new PageContext("https://shop.example/"),
        Placements = Shop.Placements,
    };

    /// <summary>Leaves events in the log that no checkpoint has, as a killed process does.</summary>
    public static void LeaveTail(string folder, int events, int people, int seed)
    {
        using var data = DataFolder.Open(folder);
        using var database = Database.Open(data.DatabaseFile);
        using var log = EventLog.Open(data.LogFolder, new EventLogOptions(), database.CheckpointPosition);
        var random = new Random(seed);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var visitors = Enumerable.Range(0, events / 5).Select(_ => People.Id(random.Next(people))).ToArray();
        var number = (ulong)seed << 32;
        foreach (var group in Enumerable.Range(0, events).Chunk(1000))
        {
            var bytes = new System.Buffers.ArrayBufferWriter<byte>();
            foreach (var index in group)
            {
                var item = Shop.Items[random.Next(Shop.Items.Count)];
                var tail = new Event
                {
                    MessageId = People.Uuid(~number++),
                    Type = EventTypes.View,
                    Timestamp = now,
                    ReceivedAt = now,
                    AnonymousId = visitors[index % visitors.Length],
                    ItemId = item.Id,
                };
                tail.FillFrom(item);
                EventCodec.Write(bytes, tail);
            }

            log.Append([bytes.WrittenMemory], group.Length);
        }
    }

    private static async Task VisitAsync(string folder, int people)
    {
        using var personalizer = Open(folder);
        await Shop.OpenAsync(personalizer);
        var now = DateTimeOffset.UtcNow;
        var underWay = new Queue<Task<IngestReceipt>>();
        foreach (var visitors in Enumerable.Range(0, people).Chunk(EventLimits.BatchEvents / Visits.EventsEach))
        {
            if (underWay.Count == BatchesUnderWay)
            {
                await underWay.Dequeue();
            }

            underWay.Enqueue(personalizer.IngestAsync([.. visitors.SelectMany(person => Visits.Of(person, now))], default).AsTask());
        }

        await Task.WhenAll(underWay);
    }

    private static void Copy(string folder, int people)
    {
        using var data = DataFolder.Open(folder);
        using var database = Database.Open(data.DatabaseFile);
        var states = Enumerable.Range(0, Distinct).Select(person => database.ReadProfile(People.Id(person))!).ToArray();
        foreach (var copies in Enumerable.Range(0, people).Skip(states.Length).Chunk(100_000))
        {
            // In the order of their ids, as the index wants them.
            var rows = copies
                .Select(person => KeyValuePair.Create(People.Id(person), (ReadOnlyMemory<byte>?)states[person % states.Length]))
                .OrderBy(row => row.Key, StringComparer.Ordinal);
            database.WriteCheckpoint(database.CheckpointPosition, rows, []);
        }

        database.EmptyWriteAheadLog();
    }
}
