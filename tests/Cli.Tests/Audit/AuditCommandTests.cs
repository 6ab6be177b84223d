using System.Net.Http.Json;
using Microsoft.Data.Sqlite;
using Personalization.Cli.Tests.Support;

namespace Personalization.Cli.Tests.Audit;

/// <summary>The command against the real server, on trails that somebody with the file in their hands has changed.</summary>
public sealed class AuditCommandTests
{
    private const int Entries = 9;

    [Fact]
    public async Task A_trail_that_nobody_touched_is_whole_and_leads_through_what_was_noted()
    {
        using var folder = await TrailAsync();
        await using var node = await NodeProcess.StartAsync(folder.Path);

        var first = await VerifyAsync(node);
        Assert.Equal(0, first.ExitCode);
        Assert.StartsWith($"chain 0: {Entries} entries, whole, head 0:{Entries}:", first.Out, StringComparison.Ordinal);
        var noted = first.Out.Trim().Split(' ')[^1];

        await ChooseAsync(node, "later");
        var second = await VerifyAsync(node, "--head", noted);
        Assert.Equal((0, ""), (second.ExitCode, second.Error));
        Assert.Contains($"{Entries + 1} entries, whole", second.Out, StringComparison.Ordinal);

        var other = await VerifyAsync(node, "--head", $"0:{Entries}:{new string('0', 64)}");
        Assert.Equal((1, $"chain 0: Entry {Entries} is another than was noted: the chain was written anew up to there.\n"), (other.ExitCode, other.Out));
        Assert.Equal(1, (await VerifyAsync(node, "--head", $"0:99:{new string('0', 64)}")).ExitCode);
        Assert.Contains("--head is CHAIN:SEQUENCE:HASH", (await VerifyAsync(node, "--head", "nonsense")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE audit SET details=replace(details, 'denied', 'granted') WHERE sequence=3", "Entry 3 was changed")]
    [InlineData("UPDATE audit SET time=time-1 WHERE sequence=9", "Entry 9 was changed")]
    [InlineData("DELETE FROM audit WHERE sequence=1", "Entry 1 is missing.")]
    [InlineData("DELETE FROM audit WHERE sequence IN (5, 6)", "Entries 5 to 6 are missing.")]
    [InlineData("DELETE FROM audit WHERE sequence=9", "Entry 9, the last one, is missing.")]
    [InlineData(
        "UPDATE audit SET sequence=100 WHERE sequence=3; UPDATE audit SET sequence=3 WHERE sequence=4; UPDATE audit SET sequence=4 WHERE sequence=100",
        "Entry 3 was changed")]
    public async Task Whatever_was_done_to_it_is_found_and_named(string tampering, string found)
    {
        using var folder = await TrailAsync();
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "personalization.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are the test's own.
            command.CommandText = tampering;
#pragma warning restore CA2100
            Assert.NotEqual(0, await command.ExecuteNonQueryAsync());
        }

        await using var node = await NodeProcess.StartAsync(folder.Path);
        var run = await VerifyAsync(node);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"chain 0: {found}", run.Out, StringComparison.Ordinal);
    }

    private static async Task<TemporaryFolder> TrailAsync()
    {
        var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);
        for (var i = 0; i < Entries; i++)
        {
            await ChooseAsync(node, $"person-{i % 3}", i % 2 == 0 ? "denied" : "granted");
        }

        return folder;
    }

    private static async Task ChooseAsync(ServerProcess node, string person, string choice = "denied")
    {
        using var response = await node.Http.PutAsJsonAsync($"/v1/users/{person}/consent", new { purposes = new { training = choice } });
        response.EnsureSuccessStatusCode();
    }

    private static Task<CommandRun> VerifyAsync(ServerProcess node, params string[] options) =>
        CommandRun.OfAsync(["audit", "verify", "--server", node.Address, .. options]);
}
