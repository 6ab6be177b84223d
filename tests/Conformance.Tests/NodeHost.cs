using Microsoft.Extensions.Logging.Abstractions;
using Personalization.Core;
using Personalization.Node;

namespace Personalization.Conformance.Tests;

/// <summary>The host in one process.</summary>
internal sealed class NodeHost : IConformingHost
{
    private readonly TemporaryFolder _folder = new();
    private NodePersonalizer _node;

    public NodeHost() => _node = Open();

    public IPersonalizer Personalizer => _node;

    public Task SettleAsync() => Task.CompletedTask;

    public Task ReplayAsync(int from)
    {
        // A start reads the newest checkpoint and folds whatever of the log is after it.
        _node.Dispose();
        _node = Open();
        return Task.CompletedTask;
    }

    public Task<byte[]?> StateOfAsync(string person) => Task.FromResult(_node.StateOf(person));

    public ValueTask DisposeAsync()
    {
        _node.Dispose();
        _folder.Dispose();
        return default;
    }

    private NodePersonalizer Open() => NodePersonalizer.Open(
        new NodeOptions { DataFolder = _folder.Path }, TimeProvider.System, NullLoggerFactory.Instance);
}
