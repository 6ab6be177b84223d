using Personalization.Core;
using Personalization.Core.Events;

namespace Personalization.Conformance.Tests;

/// <summary>A host under test: the port, and what a test must reach behind it.</summary>
public interface IConformingHost : IAsyncDisposable
{
    /// <summary>The port, of one process of the host after another where it has several.</summary>
    IPersonalizer Personalizer { get; }

    /// <summary>Returns once all that was acknowledged is folded, learned and known to every process.</summary>
    Task SettleAsync();

    /// <summary>Brings the log's events once more, from one of them on, as a host that starts again does.</summary>
    Task ReplayAsync(int from);

    /// <summary>Gives a profile's state as it is stored, or null for a stranger.</summary>
    Task<byte[]?> StateOfAsync(string person);
}
