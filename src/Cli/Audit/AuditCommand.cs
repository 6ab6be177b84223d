using System.CommandLine;
using System.Globalization;
using Personalization.Cli.Http;
using Personalization.Cli.Output;
using Personalization.Core.Privacy;

namespace Personalization.Cli.Audit;

/// <summary><c>personalize audit</c>.</summary>
internal static class AuditCommand
{
    private static readonly Option<NotedHead?> Noted = new("--head")
    {
        Description = "The end of a chain as an earlier run told it, CHAIN:SEQUENCE:HASH: the trail must still lead through it.",
        CustomParser = NotedHead.Parse,
    };

    public static Command Create(Terminal terminal, Option<Uri> server)
    {
        var verify = new Command(
            "verify", "Follows the audit trail from its first entry to its last, and names the first that was changed, removed or moved.") { Noted };
        verify.SetAction((parsed, ct) => VerifyAsync(terminal, parsed.GetRequiredValue(server), parsed.GetValue(Noted), ct));
        return new Command("audit", "Looks into the audit trail.") { verify };
    }

    private static async Task<int> VerifyAsync(Terminal terminal, Uri address, NotedHead? noted, CancellationToken ct)
    {
        using var server = new PersonalizationServer(address, terminal);
        var isWhole = true;
        var chains = 1;
        for (var chain = 0; chain < chains; chain++)
        {
            var followed = new AuditChain();
            var expected = noted?.Chain == chain ? noted : null;
            AuditFault? fault;
            (chains, fault) = await FollowAsync(server, chain, followed, expected, ct);
            isWhole &= fault is null;
            terminal.Out.WriteLine(fault is null
                ? $"chain {chain}: {followed.Sequence} entries, whole, head {new NotedHead(chain, followed.Sequence, Hex(followed.Hash))}"
                : $"chain {chain}: {fault.Detail}");
        }

        if (noted is not null && noted.Chain >= chains)
        {
            throw new UserError(string.Create(CultureInfo.InvariantCulture, $"--head names chain {noted.Chain}, and there are {chains}."));
        }

        return isWhole ? 0 : 1;
    }

    private static async Task<(int Chains, AuditFault? Fault)> FollowAsync(
        PersonalizationServer server, int chain, AuditChain followed, NotedHead? noted, CancellationToken ct)
    {
        while (true)
        {
            var page = await server.AuditAsync(chain, followed.Sequence, ct);
            foreach (var answer in page.Entries)
            {
                if (followed.Follow(answer.ToEntry()) is { } fault)
                {
                    return (page.Chains, fault);
                }

                if (noted is not null && noted.Sequence == followed.Sequence && noted.Hash != Hex(followed.Hash))
                {
                    return (page.Chains, new AuditFault(
                        followed.Sequence, $"Entry {followed.Sequence} is another than was noted: the chain was written anew up to there."));
                }
            }

            if (page.Entries.Count == 0)
            {
                // The head is read before the entries are, so that what is appended meanwhile is no fault.
                return (page.Chains, followed.End(page.Head.ToHead())
                    ?? (noted?.Sequence > followed.Sequence
                        ? new AuditFault(followed.Sequence + 1, $"Entries {followed.Sequence + 1} to {noted.Sequence}, which were noted, are missing.")
                        : null));
            }
        }
    }

    private static string Hex(ReadOnlyMemory<byte> hash) => Convert.ToHexStringLower(hash.Span);
}
