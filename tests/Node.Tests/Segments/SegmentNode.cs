using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Personalization.Core;
using Personalization.Core.Configuration;
using Personalization.Core.Events;
using Personalization.Core.Segments;

namespace Personalization.Node.Tests.Segments;

/// <summary>A node in this process with a clock that can be set.</summary>
internal sealed class SegmentNode : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _folder;
    private readonly int _journal;
    private readonly int _hot;
    private int _messages;

    public SegmentNode(string folder, int journal = 100_000, int hot = 1_000_000)
    {
        _folder = folder;
        _journal = journal;
        _hot = hot;
        Node = Open();
    }

    public SettableTime Time { get; } = new();

    public NodePersonalizer Node { get; private set; }

    public void Restart()
    {
        Node.Dispose();
        Node = Open();
    }

    public async Task PutAsync(string id, string condition) => Assert.Equal(ChangeStatus.Applied, (await Node.ChangeAsync(
        new ConfigurationChange { Put = [(ConfigurationKind.Segment, id, JsonElement.Parse($$"""{"condition":{{condition}}}"""))] }, default)).Status);

    public async Task RemoveAsync(string id) => Assert.Equal(ChangeStatus.Applied, (await Node.ChangeAsync(
        new ConfigurationChange { Remove = [(ConfigurationKind.Segment, id)] }, default)).Status);

    public async Task HappenAsync(string type, params IEnumerable<string> people) => await Node.IngestAsync([.. people.Select(person => new Event
    {
        MessageId = $"m{Time.Now.ToUnixTimeMilliseconds()}-{_messages++}",
        Type = type,
        Timestamp = Time.Now.ToUnixTimeMilliseconds(),
        ReceivedAt = Time.Now.ToUnixTimeMilliseconds(),
        AnonymousId = person,
    })], default);

    /// <summary>Waits until everybody was asked about a segment and so many are in it.</summary>
    public async Task UntilSizeAsync(string id, long members)
    {
        SegmentSize? size = null;
        try
        {
            await UntilAsync(async () => (size = await Node.SizeOfSegmentAsync(id, default)) is { IsComplete: true } && size.Members == members);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{id} has {size}, not {members}.");
        }
    }

    public static async Task UntilAsync(Func<Task<bool>> wanted)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await wanted())
        {
            await Task.Delay(10, limit.Token);
        }
    }

    /// <summary>Reads the journal from its beginning until it has so many entries, as <c>+segment person</c> and <c>-segment person</c>.</summary>
    public async Task<string[]> JournalAsync(int entries, string? segment = null)
    {
        var all = new List<SegmentChange>();
        var position = "0";
        while (all.Count < entries)
        {
            var page = await Node.ReadSegmentChangesAsync(segment, position, Limit, default);
            Assert.True(page.Changes.Count > 0, $"The journal ends after {all.Count} entries.");
            all.AddRange(page.Changes);
            position = page.Position;
        }

        return [.. all.Select(change => change.Kind switch
        {
            SegmentChangeKind.Enter => $"+{change.Segment} {change.Person}",
            SegmentChangeKind.Leave => $"-{change.Segment} {change.Person}",
            _ => $"x{change.Segment}",
        })];
    }

    public void Dispose() => Node.Dispose();

    private NodePersonalizer Open() => NodePersonalizer.Open(
        new NodeOptions { DataFolder = _folder, SegmentJournal = _journal, MostHotProfiles = _hot, CheckpointInterval = TimeSpan.FromMilliseconds(50) },
        Time,
        NullLoggerFactory.Instance);
}
