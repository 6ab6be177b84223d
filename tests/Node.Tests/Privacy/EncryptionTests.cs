using System.Text.Json.Nodes;
using Personalization.Node.Storage;

namespace Personalization.Node.Tests.Privacy;

/// <summary>With a key ring nothing of a profile can be read at rest, and no start with the wrong keys changes anything.</summary>
public sealed class EncryptionTests
{
    private static readonly string First = Convert.ToBase64String(Enumerable.Repeat((byte)1, 32).ToArray());
    private static readonly string Second = Convert.ToBase64String(Enumerable.Repeat((byte)2, 32).ToArray());

    [Fact]
    public async Task What_a_profile_holds_is_in_no_row_and_is_read_back_with_the_key()
    {
        using var keys = new TemporaryFolder();
        using var node = new OpenNode(Ring(keys, "a", ("a", First)));
        await node.SendAsync("ann", "1", item: "very-private-item");
        node.Reopen(Ring(keys, "a", ("a", First)));

        Assert.False(Holds(node, "ann", "very-private-item"));
        Assert.Equal("very-private-item", (await node.Engine.FindProfileAsync("ann", default))!.RecentItems[0].Item);
    }

    [Fact]
    public async Task Profiles_written_before_there_was_a_key_are_encrypted_by_and_by()
    {
        using var keys = new TemporaryFolder();
        using var node = new OpenNode();
        await node.SendAsync("ann", "1", item: "very-private-item");
        node.Reopen(Ring(keys, "a", ("a", First)));

        await OpenNode.UntilAsync(() => Task.FromResult(!Holds(node, "ann", "very-private-item")));
        Assert.Equal(1, (await node.Engine.FindProfileAsync("ann", default))!.Events["view"]["total"]);
    }

    [Fact]
    public async Task After_a_rotation_and_a_walk_the_old_key_is_not_needed_any_more()
    {
        using var keys = new TemporaryFolder();
        using var node = new OpenNode(Ring(keys, "a", ("a", First)));
        await node.SendAsync("ann", "1", item: "very-private-item");
        node.Reopen(Ring(keys, "b", ("a", First), ("b", Second)));
        Assert.NotNull(await node.Engine.FindProfileAsync("ann", default));
        await OpenNode.UntilAsync(() => Task.FromResult(KeysOf(node).SequenceEqual(["b"])));

        node.Reopen(Ring(keys, "b", ("b", Second)));
        Assert.NotNull(await node.Engine.FindProfileAsync("ann", default));

        // And back: a ring whose current key is none has everything opened again.
        node.Reopen(Ring(keys, null, ("b", Second)));
        await OpenNode.UntilAsync(() => Task.FromResult(KeysOf(node).Count == 0));
        node.Reopen();
        Assert.Equal("very-private-item", (await node.Engine.FindProfileAsync("ann", default))!.RecentItems[0].Item);
    }

    [Fact]
    public async Task Without_the_right_key_a_start_is_refused_names_the_knob_and_changes_nothing()
    {
        using var keys = new TemporaryFolder();
        var right = Ring(keys, "a", ("a", First));
        using var node = new OpenNode(right);
        await node.SendAsync("ann", "1");
        var wrong = Path.Combine(keys.Path, "wrong.json");
        File.Copy(Ring(keys, "a", ("a", Second)), wrong);
        var lacking = Path.Combine(keys.Path, "lacking.json");
        File.Copy(Ring(keys, "b", ("b", First)), lacking);
        right = Ring(keys, "a", ("a", First));

        foreach (var file in (string?[])[null, wrong, lacking, Path.Combine(keys.Path, "missing.json")])
        {
            var refused = Assert.Throws<StorageException>(() => node.Reopen(file));
            Assert.Contains("--key-file", refused.Message, StringComparison.Ordinal);
        }

        node.Reopen(right);
        Assert.NotNull(await node.Engine.FindProfileAsync("ann", default));
    }

    private static string Ring(TemporaryFolder folder, string? current, params (string Id, string Key)[] keys) => folder.Write("ring.json", new JsonObject
    {
        ["current"] = current,
        ["keys"] = new JsonObject(keys.Select(key => KeyValuePair.Create(key.Id, (JsonNode?)key.Key))),
    }.ToJsonString());

    private static bool Holds(OpenNode node, string person, string text)
    {
        using var database = Reading(node);
        return database.ReadProfile(person)!.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;
    }

    private static IReadOnlyList<string> KeysOf(OpenNode node)
    {
        using var database = Reading(node);
        return [.. database.ReadProfileKeys().Select(key => key.Id)];
    }

    private static Database Reading(OpenNode node) => Database.Open(Path.Combine(node.Folder, "personalization.db"));
}
