using System.Text.Json;
using Personalization.Core.Catalog;
using Personalization.Core.Configuration;

namespace Personalization.Core.Tests.Configuration;

public sealed class ConfigurationStateTests
{
    private const string Known = """{"condition": {"profile.known": true}}""";

    [Fact]
    public void A_change_gives_its_documents_and_the_whole_the_next_revision()
    {
        var documents = new Documents();

        Assert.Equal(1, documents.Put(ConfigurationKind.Experience, "e", "{}").Revision);
        var outcome = documents.Put(ConfigurationKind.Segment, "s", Known);

        Assert.Equal((ChangeStatus.Applied, 2, 0), (outcome.Status, outcome.Revision, outcome.ChangedItems));
        Assert.Equal([(ConfigurationKind.Segment, "s")], outcome.Changed);
        Assert.Equal((1, 2), (documents.Find(ConfigurationKind.Experience, "e")!.Revision, documents.Find(ConfigurationKind.Segment, "s")!.Revision));
        Assert.Equal(2, documents.State.Plan.Revision);
        Assert.Equal("s", Assert.Single(documents.State.Plan.Segments).Key);
        Assert.Equal([ConfigurationKind.Segment, ConfigurationKind.Experience], documents.State.Set.Documents.Select(document => document.Kind));
    }

    [Fact]
    public void A_change_with_one_fault_changes_nothing()
    {
        var documents = new Documents();
        documents.Put(ConfigurationKind.Segment, "s", Known);
        var before = documents.State;

        var outcome = documents.Apply(new ConfigurationChange
        {
            Put =
            [
                (ConfigurationKind.Segment, "s", JsonElement.Parse("""{"condition": {"profile.known": false}}""")),
                (ConfigurationKind.Placement, "p", JsonElement.Parse("""{"experiences": [{"id": "missing"}]}""")),
            ],
            PutItems = [new Item { Id = "A" }],
        });

        Assert.Equal((ChangeStatus.Invalid, 1, 0, 0), (outcome.Status, outcome.Revision, outcome.Changed.Count, outcome.ChangedItems));
        Assert.Equal(("placements.p.experiences[0].id", "unknown_reference"), (outcome.Problems.Single().Path, outcome.Problems.Single().Code));
        Assert.Same(before, documents.State);
        Assert.Equal(0, documents.State.Plan.Catalog.Count);
        Assert.Equal(Known, documents.Find(ConfigurationKind.Segment, "s")!.Body.GetRawText());
    }

    [Fact]
    public void What_is_put_together_may_refer_to_one_another()
    {
        var outcome = new Documents().Apply(new ConfigurationChange
        {
            Put =
            [
                (ConfigurationKind.Experiment, "x", JsonElement.Parse(
                    """{"placement": "p", "audience": {"segments.s": true}, "variants": [{"key": "a", "weight": 1, "experience": "e"}, {"key": "b", "weight": 0}]}""")),
                (ConfigurationKind.Placement, "p", JsonElement.Parse("""{"experiences": [{"id": "e"}]}""")),
                (ConfigurationKind.Experience, "e", JsonElement.Parse("{}")),
                (ConfigurationKind.Segment, "s", JsonElement.Parse(Known)),
            ],
        });

        Assert.Equal((ChangeStatus.Applied, 1, 4), (outcome.Status, outcome.Revision, outcome.Changed.Count));
    }

    [Theory]
    [InlineData(ConfigurationKind.Segment, "s", "segments.t.condition.segments.s")]
    [InlineData(ConfigurationKind.Experience, "e", "placements.p.experiences[0].id")]
    [InlineData(ConfigurationKind.Placement, "p", "experiments.x.placement")]
    public void What_something_else_refers_to_is_not_removed(ConfigurationKind kind, string id, string path)
    {
        var documents = new Documents();
        documents.Put(ConfigurationKind.Segment, "s", Known);
        documents.Put(ConfigurationKind.Segment, "t", """{"condition": {"segments.s": true}}""");
        documents.Put(ConfigurationKind.Experience, "e", "{}");
        documents.Put(ConfigurationKind.Placement, "p", """{"experiences": [{"id": "e"}]}""");
        documents.Put(ConfigurationKind.Experiment, "x", """{"placement": "p", "variants": [{"key": "a", "weight": 1}, {"key": "b", "weight": 0}]}""");
        var before = documents.State;

        var outcome = documents.Remove(kind, id);

        Assert.Equal(ChangeStatus.Invalid, outcome.Status);
        Assert.Contains(path, outcome.Problems.Select(problem => problem.Path));
        Assert.Same(before, documents.State);

        // All that refer to one another go together.
        var all = documents.Apply(new ConfigurationChange { Remove = [.. before.Set.Documents.Select(document => (document.Kind, document.Id))] });
        Assert.Equal((ChangeStatus.Applied, 6, 5), (all.Status, all.Revision, all.Changed.Count));
        Assert.Empty(documents.State.Set.Documents);
    }

    [Fact]
    public void What_does_not_exist_is_not_removed_and_nothing_else_with_it()
    {
        var documents = new Documents();
        documents.Put(ConfigurationKind.Segment, "s", Known);
        documents.PutItems(new Item { Id = "A" });

        Assert.Equal(ChangeStatus.NotFound, documents.Remove(ConfigurationKind.Experience, "s").Status);
        Assert.Equal(ChangeStatus.NotFound, documents.Apply(new ConfigurationChange
        {
            Remove = [(ConfigurationKind.Segment, "s")],
            RemoveItems = ["A", "B"],
        }).Status);
        Assert.Equal((2, 1), (documents.State.Plan.Revision, documents.State.Plan.Catalog.Count));
        Assert.NotNull(documents.Find(ConfigurationKind.Segment, "s"));
    }

    [Fact]
    public void A_document_put_again_as_it_is_changes_nothing()
    {
        var documents = new Documents();
        documents.Put(ConfigurationKind.Experience, "e", """{"description": "a", "patches": []}""");
        documents.PutItems(new Item { Id = "A", Price = 1 });
        var before = documents.State;

        // White space and the order of members say nothing.
        var same = documents.Put(ConfigurationKind.Experience, "e", """{ "patches" : [], "description":"\u0061" }""");
        Assert.Equal((ChangeStatus.Applied, 2, 0), (same.Status, same.Revision, same.Changed.Count));
        Assert.Equal(0, documents.PutItems(new Item { Id = "A", Price = 1 }).ChangedItems);
        Assert.Equal(2, documents.Apply(new ConfigurationChange()).Revision);
        Assert.Same(before, documents.State);

        var partly = documents.Apply(new ConfigurationChange
        {
            Put =
            [
                (ConfigurationKind.Experience, "e", JsonElement.Parse("""{"description": "a", "patches": []}""")),
                (ConfigurationKind.Experience, "f", JsonElement.Parse("{}")),
            ],
            PutItems = [new Item { Id = "A", Price = 1 }, new Item { Id = "B" }],
        });
        Assert.Equal([(ConfigurationKind.Experience, "f")], partly.Changed);
        Assert.Equal((3, 1), (partly.Revision, partly.ChangedItems));
        Assert.Equal(1, documents.Find(ConfigurationKind.Experience, "e")!.Revision);
    }

    [Fact]
    public void A_document_is_changed_only_if_it_still_has_the_revision_named()
    {
        var documents = new Documents();
        Assert.Equal(ChangeStatus.RevisionMismatch, documents.Put(ConfigurationKind.Segment, "s", Known, ifRevision: 1).Status);
        Assert.Equal(ChangeStatus.Applied, documents.Put(ConfigurationKind.Segment, "s", Known, ifRevision: 0).Status);
        Assert.Equal(ChangeStatus.RevisionMismatch, documents.Put(ConfigurationKind.Segment, "s", Known, ifRevision: 0).Status);

        // Another document's change is no concern.
        documents.Put(ConfigurationKind.Experience, "e", "{}");
        var other = """{"condition": {"profile.known": false}}""";
        Assert.Equal((ChangeStatus.Applied, 3), Facts(documents.Put(ConfigurationKind.Segment, "s", other, ifRevision: 1)));
        Assert.Equal((ChangeStatus.RevisionMismatch, 3), Facts(documents.Put(ConfigurationKind.Segment, "s", Known, ifRevision: 1)));
        Assert.Equal((ChangeStatus.RevisionMismatch, 3), Facts(documents.Remove(ConfigurationKind.Segment, "s", ifRevision: 2)));
        Assert.Equal(other, documents.Find(ConfigurationKind.Segment, "s")!.Body.GetRawText());
        Assert.Equal((ChangeStatus.Applied, 4), Facts(documents.Remove(ConfigurationKind.Segment, "s", ifRevision: 3)));

        static (ChangeStatus, int) Facts(ChangeOutcome outcome) => (outcome.Status, (int)outcome.Revision);
    }

    [Fact]
    public void A_dry_run_tells_what_would_change_and_changes_nothing()
    {
        var documents = new Documents();
        documents.Put(ConfigurationKind.Experience, "e", "{}");
        var before = documents.State;

        var good = documents.Put(ConfigurationKind.Segment, "s", Known, dryRun: true);
        var bad = documents.Put(ConfigurationKind.Segment, "s", "{}", dryRun: true);

        Assert.Equal((ChangeStatus.Applied, 1), (good.Status, good.Revision));
        Assert.Equal([(ConfigurationKind.Segment, "s")], good.Changed);
        Assert.Equal(ChangeStatus.Invalid, bad.Status);
        Assert.Same(before, documents.State);
    }

    [Fact]
    public void New_prices_need_no_compiler()
    {
        var documents = new Documents();
        documents.Put(ConfigurationKind.Experience, "e", "{}");
        documents.Put(ConfigurationKind.Placement, "p", """{"experiences": [{"id": "e"}]}""");
        var before = documents.State;

        var outcome = documents.PutItems(new Item { Id = "A", Price = 1 }, new Item { Id = "B" });

        Assert.Equal((ChangeStatus.Applied, 3, 2), (outcome.Status, outcome.Revision, outcome.ChangedItems));
        Assert.Same(before.Plan.Placements, documents.State.Plan.Placements);
        Assert.Same(before.Set, documents.State.Set);
        Assert.Equal((0, 2), (before.Plan.Catalog.Count, documents.State.Plan.Catalog.Count));

        // And a change of documents leaves the items alone.
        documents.Put(ConfigurationKind.Segment, "s", Known);
        Assert.Equal(1, documents.State.Plan.Catalog.Find("A", documents.Words)!.Price);
    }

    [Fact]
    public void An_older_state_keeps_its_items_when_they_are_replaced_and_removed()
    {
        var documents = new Documents();
        documents.PutItems(new Item { Id = "A", Price = 1 }, new Item { Id = "B" });
        var before = documents.State;

        documents.Apply(new ConfigurationChange { PutItems = [new Item { Id = "A", Price = 2 }], RemoveItems = ["B"] });

        Assert.Equal((1, 2), (before.Plan.Catalog.Find("A", documents.Words)!.Price, documents.State.Plan.Catalog.Find("A", documents.Words)!.Price));
        Assert.Equal((2, 1), (before.Plan.Catalog.Count, documents.State.Plan.Catalog.Count));
        Assert.NotNull(before.Plan.Catalog.Find("B", documents.Words));
        Assert.Null(documents.State.Plan.Catalog.Find("B", documents.Words));
        Assert.Equal(["A"], documents.State.Plan.Catalog.Items.Select(item => item.Id));
    }

    [Fact]
    public void More_items_than_the_vocabulary_takes_are_refused()
    {
        var words = new Vocabulary(capacity: 2);
        var change = new ConfigurationChange { PutItems = [new Item { Id = "A" }, new Item { Id = "B" }, new Item { Id = "C" }] };

        var outcome = ConfigurationState.Empty.Apply(change, words, out var next);

        Assert.Equal((ChangeStatus.Invalid, "too_many"), (outcome.Status, outcome.Problems.Single().Code));
        Assert.Same(ConfigurationState.Empty, next);
    }

    [Fact]
    public void Text_that_is_no_Unicode_is_refused_before_it_is_compared()
    {
        var documents = new Documents();
        documents.Put(ConfigurationKind.Experience, "e", """{"description": "a"}""");

        var outcome = documents.Put(ConfigurationKind.Experience, "e", """{"description": "\uD800"}""");

        Assert.Equal(ChangeStatus.Invalid, outcome.Status);
        Assert.Equal(("experiences.e.description", "invalid_text"), (outcome.Problems.Single().Path, outcome.Problems.Single().Code));
    }

    [Fact]
    public void A_body_outlives_the_document_it_was_read_from()
    {
        var documents = new Documents();
        using (var json = JsonDocument.Parse(Known))
        {
            documents.Apply(new ConfigurationChange { Put = [(ConfigurationKind.Segment, "s", json.RootElement)] });
        }

        Assert.Equal(Known, documents.Find(ConfigurationKind.Segment, "s")!.Body.GetRawText());
    }

    [Fact]
    public void A_stored_configuration_is_restored_at_its_revision()
    {
        var documents = new Documents();
        documents.Put(ConfigurationKind.Segment, "s", Known);
        documents.PutItems(new Item { Id = "A" });
        documents.Put(ConfigurationKind.Segment, "b", Known);
        var words = new Vocabulary();

        var restored = ConfigurationState.Restore(documents.State.Set.Documents, documents.State.Plan.Catalog.Items, documents.State.Plan.Revision, words);

        Assert.Equal(3, restored.Plan.Revision);
        Assert.Equal([("b", 3), ("s", 1)], restored.Set.Documents.Select(document => (document.Id, (int)document.Revision)));
        Assert.NotNull(restored.Plan.Catalog.Find("A", words));

        var broken = new ConfigurationDocument(ConfigurationKind.Segment, "s", JsonElement.Parse("{}"), 1);
        var exception = Assert.Throws<InvalidDataException>(() => ConfigurationState.Restore([broken], [], 1, words));
        Assert.Contains("segments.s.condition", exception.Message);
    }
}
