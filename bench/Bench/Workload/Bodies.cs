using System.Globalization;
using System.Text;
using Personalization.Core.Events;

namespace Personalization.Bench.Workload;

/// <summary>Files of request bodies that bench/wrk/play.lua plays.</summary>
internal static class Bodies
{
    public const int BatchEvents = 100;

    /// <summary>The byte in whose place each request puts a number of its own.</summary>
    private const char Number = '\x01';

    public static string DecideFor(int person) =>
        $$"""{"anonymousId":"{{People.Id(person)}}","page":{"url":"https://shop.example/"},"placements":["{{string.Join("\",\"", Shop.Placements)}}"]}""";

    /// <summary>One decide for each of some of the people.</summary>
    public static string Decides(string name, int people, int lines = 200_000)
    {
        var random = new Random(1);
        return Write(name, people <= lines
            ? Enumerable.Range(0, people).Select(DecideFor)
            : Enumerable.Range(0, lines).Select(_ => DecideFor(random.Next(people))));
    }

    /// <summary>Batches of views and clicks; every message id is new each time.</summary>
    public static string Batches(string name, int people, int run) => Write(name, Enumerable.Range(0, 1000).Select(line => Batch(people, run, line)));

    /// <summary>One batch as <see cref="Batches"/> has them, with a number in it.</summary>
    public static string Sample(int people, int run, long number) =>
        Batch(people, run, 0).Replace(Number.ToString(), number.ToString("D12", CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>One batch as <see cref="Batches"/> has them; every line of a run is another one.</summary>
    public static string Numbered(int people, int run, int line) =>
        Batch(people, run, line).Replace(Number.ToString(), line.ToString("D12", CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static string Batch(int people, int run, int line)
    {
        var random = new Random(line);
        var now = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var batch = new StringBuilder("""{"events":[""");
        for (var i = 0; i < BatchEvents; i++)
        {
            var item = Shop.Items[random.Next(Shop.Items.Count)];
            var type = i % 3 == 2 ? EventTypes.Click : EventTypes.View;
            batch.Append(i == 0 ? "" : ",").Append(CultureInfo.InvariantCulture,
                $$$"""{"messageId":"{{{run:x8}}}-{{{line:x4}}}-4000-{{{0x8000 + i:x4}}}-{{{Number}}}","type":"{{{type}}}","timestamp":"{{{now}}}","anonymousId":"{{{People.Id(random.Next(people))}}}","properties":{"itemId":"{{{item.Id}}}","price":{{{item.Price}}}}}""");
        }

        return batch.Append("]}").ToString();
    }

    private static string Write(string name, IEnumerable<string> lines)
    {
        var file = Path.Combine(Folders.Artifacts, name);
        File.WriteAllLines(file, lines);
        return file;
    }
}
