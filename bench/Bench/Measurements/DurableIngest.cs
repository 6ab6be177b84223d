using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Personalization.Bench.Load;
using Personalization.Bench.Workload;
using Personalization.Core.Events;
using Personalization.Node.Storage;

namespace Personalization.Bench.Measurements;

/// <summary>Events over HTTP, answered when they are on disk, against a plain loop that appends the same bytes to a file and flushes it.</summary>
internal sealed class DurableIngest : IMeasurement
{
    private const int Everybody = 10_000;
    private const int Connections = 32;
    private const string What = "POST /v1/events, durable, batches of 100 (32 connections), against appending the same log bytes and fsync, one batch after the other: events/s";

    public string Name => "ingest";

    public async Task<IReadOnlyList<Row>> RunAsync(Effort effort)
    {
        if (Wrk.Missing is { } why)
        {
            return [Row.Skipped(What, why)];
        }

        var folder = Folders.Fresh("ingest");
        using (var personalizer = Store.Open(folder))
        {
            await Shop.OpenAsync(personalizer);
        }

        await using var server = await ServerProcess.StartAsync(folder, 0);
        await CheckAsync(server.Client);
        var logBytes = LogBytes();
        var run = 1;
        await IngestAsync(effort.Seconds);

        var rounds = new List<(double Ingest, double One, double Group)>();
        for (var round = 0; round < effort.Rounds; round++)
        {
            var ingest = await IngestAsync(effort.Seconds);
            // Its checkpoint goes on beside the stream; the disk is to be idle for what it is compared with.
            await Task.Delay(TimeSpan.FromSeconds(1));
            var seconds = TimeSpan.FromSeconds(Math.Max(1, effort.Seconds / 3.0));
            rounds.Add((ingest, Append(logBytes, 1, seconds), Append(logBytes, Connections, seconds)));
        }

        await CheckFoldedAsync(server);
        var rate = Ratios.Of(rounds.Select(round => round.Ingest));
        return
        [
            Row.AtLeast(What,
                $"{Row.Text(rate)} against {Row.Text(Ratios.Of(rounds.Select(round => round.One)))} events/s; a batch is {logBytes} bytes in the log",
                new Ratios(rounds.Select(round => round.Ingest / round.One)), 0.4),
            Row.Info($"the same against appends of {Connections} batches to one fsync, the largest group that so many connections can make",
                $"{Row.Text(rate)} against {Row.Text(Ratios.Of(rounds.Select(round => round.Group)))} events/s: {new Ratios(rounds.Select(round => round.Ingest / round.Group))}"),
        ];

        async Task<double> IngestAsync(int seconds)
        {
            var bodies = Bodies.Batches("batches", Everybody, run++);
            var before = await server.NumberAsync("/bench/events");
            var load = await Wrk.RunAsync(server.Url, "POST", "/v1/events", bodies, Connections, seconds);
            var folded = await server.NumberAsync("/bench/events") - before;
            var counted = load.Rate * Bodies.BatchEvents * seconds;
            return folded > counted * 0.9
                ? load.Rate * Bodies.BatchEvents
                : throw new InvalidOperationException($"{counted:0} events were acknowledged and {folded:0} folded.");
        }
    }

    /// <summary>Sends a batch twice: new the first time, nothing but duplicates the second.</summary>
    private static async Task CheckAsync(HttpClient client)
    {
        foreach (var duplicates in new[] { 0, Bodies.BatchEvents })
        {
            using var body = new StringContent(Bodies.Sample(Everybody, 0, 1), Encoding.UTF8, "application/json");
            using var response = await client.PostAsync("/v1/events", body);
            var text = await response.Content.ReadAsStringAsync();
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.GetProperty("accepted").GetInt32() != Bodies.BatchEvents
                || (json.RootElement.TryGetProperty("duplicates", out var told) && told.GetInt32() != duplicates))
            {
                throw new InvalidOperationException($"The batch is not what is to be measured: {text}");
            }
        }
    }

    /// <summary>Makes sure, by the profiles of some people, that nearly everything taken in was new and was folded.</summary>
    private static async Task CheckFoldedAsync(ServerProcess server)
    {
        const int sample = 200;
        var counted = 0.0;
        for (var person = 0; person < sample; person++)
        {
            using var profile = JsonDocument.Parse(await server.Client.GetStringAsync($"/v1/users/{People.Id(person)}"));
            counted += profile.RootElement.GetProperty("events").EnumerateObject().Sum(type => type.Value.GetProperty("total").GetInt64());
        }

        var expected = await server.NumberAsync("/bench/events") / Everybody * sample;
        if (counted < expected * 0.95)
        {
            throw new InvalidOperationException($"The profiles of {sample} people hold {counted} events instead of some {expected:0}.");
        }
    }

    private static int LogBytes()
    {
        var items = Shop.Items.ToDictionary(item => item.Id);
        var batch = EventBatchReader.Read(
            Encoding.UTF8.GetBytes(Bodies.Sample(Everybody, 1, 1)), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), out _)!;
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var source in batch.Events)
        {
            source.FillFrom(items[source.ItemId!]);
            EventCodec.Write(bytes, source);
        }

        return bytes.WrittenCount + SegmentFormat.RecordHeaderLength;
    }

    /// <summary>Appends a number of batches at a time to a file and makes them durable, and says how many events that was a second.</summary>
    private static double Append(int batchBytes, int batches, TimeSpan duration)
    {
        var file = Path.Combine(Folders.Artifacts, "append");
        var bytes = new byte[batchBytes * batches];
        Random.Shared.NextBytes(bytes);
        var appended = 0L;
        TimeSpan took;
        using (var handle = File.OpenHandle(file, FileMode.Create, FileAccess.Write))
        {
            var began = Stopwatch.GetTimestamp();
            do
            {
                RandomAccess.Write(handle, bytes, appended * bytes.Length);
                RandomAccess.FlushToDisk(handle);
                appended++;
                took = Stopwatch.GetElapsedTime(began);
            }
            while (took < duration);
        }

        File.Delete(file);
        return appended * batches * Bodies.BatchEvents / took.TotalSeconds;
    }
}
