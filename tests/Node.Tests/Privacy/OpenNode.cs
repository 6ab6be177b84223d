using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Personalization.Core;
using Personalization.Core.Configuration;
using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Core.Training;

namespace Personalization.Node.Tests.Privacy;

/// <summary>A node in this process whose clock can be put forward.</summary>
internal sealed class OpenNode : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private bool _isOpen = true;

    public OpenNode(string? keyFile = null) => Engine = Open(keyFile);

    public ShiftedTime Time { get; } = new();

    public NodePersonalizer Engine { get; private set; }

    public string Folder => _folder.Path;

    /// <summary>Closes it, and opens it with other keys.</summary>
    public void Reopen(string? keyFile = null)
    {
        Close();
        Engine = Open(keyFile);
        _isOpen = true;
    }

    public async Task SendAsync(string person, string messageId, string type = EventTypes.View, string? item = "shoe", Consent consent = default, double price = double.NaN) =>
        await Engine.IngestAsync(
            [
                new Event
                {
                    MessageId = messageId,
                    Type = type,
                    Timestamp = Time.GetUtcNow().ToUnixTimeMilliseconds(),
                    ReceivedAt = Time.GetUtcNow().ToUnixTimeMilliseconds(),
                    AnonymousId = person,
                    ItemId = item,
                    Consent = consent,
                    Price = price,
                },
            ], default);

    public async Task DecideAsync(string person) => await Engine.DecideAsync(new DecisionRequest { AnonymousId = person }, default);

    public async Task ConfigureAsync(string json)
    {
        var problems = new List<Problem>();
        var change = ChangeReader.Read(JsonElement.Parse(json), problems);
        Assert.Empty(problems);
        Assert.Equal(ChangeStatus.Applied, (await Engine.ChangeAsync(change, default)).Status);
    }

    public async Task<IReadOnlyList<TrainingSession>> TrainingAsync()
    {
        var sessions = new List<TrainingSession>();
        await foreach (var session in Engine.ReadTrainingAsync(default))
        {
            sessions.Add(session);
        }

        return sessions;
    }

    /// <summary>Waits for what the node does by itself.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await isSo())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    public void Dispose()
    {
        Close();
        _folder.Dispose();
    }

    private void Close()
    {
        if (_isOpen)
        {
            _isOpen = false;
            Engine.Dispose();
        }
    }

    private NodePersonalizer Open(string? keyFile) => NodePersonalizer.Open(
        new NodeOptions
        {
            DataFolder = _folder.Path,
            KeyFile = keyFile,
            WalkInterval = TimeSpan.FromMilliseconds(50),
            CheckpointInterval = TimeSpan.FromMilliseconds(50),
        },
        Time,
        NullLoggerFactory.Instance);
}
