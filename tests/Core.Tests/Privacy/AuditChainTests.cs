using System.Security.Cryptography;
using System.Text;
using Personalization.Core.Privacy;

namespace Personalization.Core.Tests.Privacy;

public sealed class AuditChainTests
{
    private static readonly byte[] Zeros = new byte[AuditChain.HashLength];

    [Fact]
    public void A_chain_that_nobody_touched_is_whole()
    {
        var entries = Entries(20);
        Assert.Null(Verify(entries, HeadOf(entries)));
        Assert.Null(Verify([], AuditHead.Empty));
    }

    [Fact]
    public void The_hash_is_that_of_sha256_over_the_hash_before_it_and_the_canonical_bytes()
    {
        var entry = new AuditDraft(5, "consent", "api", null, "{}").Follow(1, "ab", Zeros);

        // Version 1, sequence 1, time 5, then each text behind its UTF-8 length plus one.
        byte[] canonical = [1, 1, 5, 8, .. "consent"u8, 4, .. "api"u8, 3, .. "ab"u8, 3, .. "{}"u8];
        Assert.Equal(SHA256.HashData([.. Zeros, .. canonical]), entry.Hash.ToArray());
    }

    [Fact]
    public void Whatever_is_changed_is_found_and_named()
    {
        var changes = new Func<AuditEntry, AuditEntry>[]
        {
            entry => entry with { Details = """{"purposes":{"training":"granted"}}""" },
            entry => entry with { Time = entry.Time + 1 },
            entry => entry with { Kind = "configuration" },
            entry => entry with { Actor = "event" },
            entry => entry with { Subject = null },
            entry => entry with { Hash = Zeros },
        };
        foreach (var change in changes)
        {
            for (var at = 0; at < 5; at++)
            {
                var entries = Entries(5);
                entries[at] = change(entries[at]);

                var fault = Verify(entries, HeadOf(Entries(5)));

                Assert.Equal(at + 1, fault?.Sequence);
                Assert.Contains($"Entry {at + 1} was changed", fault!.Detail, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void One_that_was_changed_and_hashed_again_is_betrayed_by_the_next()
    {
        var entries = Entries(5);
        entries[2] = entries[2] with { Details = "{}" };
        entries[2] = entries[2] with { Hash = AuditChain.HashOf(entries[2]) };

        var fault = Verify(entries, HeadOf(Entries(5)));

        Assert.Equal(4, fault?.Sequence);
        Assert.Contains("entry 3", fault!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_new_chain_from_some_entry_on_is_betrayed_by_the_head_that_was_noted()
    {
        var noted = HeadOf(Entries(5));
        var forged = Entries(5, seed: 1);

        Assert.Equal(5, Verify(forged, noted)?.Sequence);
    }

    [Theory]
    [InlineData(0, "Entry 1 is missing.")]
    [InlineData(2, "Entry 3 is missing.")]
    [InlineData(4, "Entry 5, the last one, is missing.")]
    public void One_that_was_removed_is_found_and_named(int at, string detail)
    {
        var entries = Entries(5);
        var head = HeadOf(entries);
        entries.RemoveAt(at);

        Assert.Equal(new AuditFault(at + 1, detail), Verify(entries, head));
    }

    [Fact]
    public void Many_that_were_removed_are_named_from_first_to_last()
    {
        var entries = Entries(9);
        var head = HeadOf(entries);

        Assert.Equal("Entries 3 to 5 are missing.", Verify([.. entries[..2], .. entries[5..]], head)?.Detail);
        Assert.Equal("Entries 4 to 9, the last ones, are missing.", Verify(entries[..3], head)?.Detail);
    }

    [Fact]
    public void Two_that_changed_places_are_found_with_and_without_their_numbers()
    {
        var entries = Entries(5);
        (entries[1], entries[2]) = (entries[2], entries[1]);
        Assert.Equal(2, Verify(entries, HeadOf(Entries(5)))?.Sequence);

        entries = Entries(5);
        var (second, third) = (entries[1], entries[2]);
        entries[1] = third with { Sequence = 2 };
        entries[2] = second with { Sequence = 3 };
        Assert.Equal(2, Verify(entries, HeadOf(Entries(5)))?.Sequence);
    }

    [Fact]
    public void An_entry_comes_back_as_it_was_written()
    {
        foreach (var entry in Entries(3))
        {
            var read = AuditChain.Read(AuditChain.Write(entry));

            Assert.Equal(AuditChain.Write(entry), AuditChain.Write(read));
            Assert.Equal((entry.Sequence, entry.Kind, entry.Subject, entry.Details), (read.Sequence, read.Kind, read.Subject, read.Details));
        }
    }

    [Fact]
    public void A_pseudonym_is_the_hmac_of_the_id_and_without_the_key_says_nothing()
    {
        // RFC 4231, test case 2: key "Jefe", data "what do ya want for nothing?"; the first 16 bytes.
        Assert.Equal("5bdcc146bf60754e6a042426089575c7", AuditSubject.Of("Jefe"u8, "what do ya want for nothing?"));
        Assert.NotEqual(AuditSubject.Of(Encoding.UTF8.GetBytes("other"), "ann"), AuditSubject.Of("Jefe"u8, "ann"));
    }

    private static AuditFault? Verify(IReadOnlyList<AuditEntry> entries, AuditHead head)
    {
        var chain = new AuditChain();
        foreach (var entry in entries)
        {
            if (chain.Follow(entry) is { } fault)
            {
                return fault;
            }
        }

        return chain.End(head);
    }

    private static AuditHead HeadOf(List<AuditEntry> entries) => new(entries[^1].Sequence, entries[^1].Hash);

    private static List<AuditEntry> Entries(int count, int seed = 0)
    {
        var entries = new List<AuditEntry>();
        for (var i = 1; i <= count; i++)
        {
            var draft = new AuditDraft(1000 * i, AuditKinds.Consent, "api", null, $$$"""{"purposes":{"training":"denied"},"nonce":{{{i + seed}}}}""");
            entries.Add(draft.Follow(i, $"subject-{i % 2}", entries is [.., var last] ? last.Hash : Zeros));
        }

        return entries;
    }
}
