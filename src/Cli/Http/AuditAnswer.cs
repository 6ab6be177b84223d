using Personalization.Core.Privacy;

namespace Personalization.Cli.Http;

/// <summary>What <c>GET /v1/audit</c> answers: a part of one chain.</summary>
internal sealed record AuditAnswer(int Chain, int Chains, AuditAnswer.HeadAnswer Head, IReadOnlyList<AuditAnswer.EntryAnswer> Entries)
{
    /// <summary>The end of the chain.</summary>
    internal sealed record HeadAnswer(long Sequence, string Hash)
    {
        public AuditHead ToHead() => new(Sequence, Convert.FromHexString(Hash));
    }

    /// <summary>One entry.</summary>
    internal sealed record EntryAnswer(
        long Sequence, DateTimeOffset Time, string Kind, string Actor, string? Subject, string Details, string Previous, string Hash)
    {
        public AuditEntry ToEntry() => new(
            Sequence, Time.ToUnixTimeMilliseconds(), Kind, Actor, Subject, Details, Convert.FromHexString(Previous), Convert.FromHexString(Hash));
    }
}
