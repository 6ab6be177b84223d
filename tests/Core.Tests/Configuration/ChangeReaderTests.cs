using System.Text.Json;
using Personalization.Core.Configuration;

namespace Personalization.Core.Tests.Configuration;

public sealed class ChangeReaderTests
{
    [Fact]
    public void Documents_and_items_are_read_in_the_order_in_which_they_refer_to_one_another()
    {
        var problems = new List<Problem>();
        var change = ChangeReader.Read(
            JsonElement.Parse(
                """{"items": [{"id": "A"}], "experiments": {"x": {}}, "placements": {"p": {}}, "experiences": {"e": {}}, "segments": {"s": {}, "t": {}}}"""),
            problems);

        Assert.Empty(problems);
        Assert.Equal(
            [
                (ConfigurationKind.Segment, "s"), (ConfigurationKind.Segment, "t"), (ConfigurationKind.Experience, "e"),
                (ConfigurationKind.Placement, "p"), (ConfigurationKind.Experiment, "x"),
            ],
            change.Put.Select(put => (put.Kind, put.Id)));
        Assert.Equal(["A"], change.PutItems.Select(item => item.Id));
    }

    [Theory]
    [InlineData("7", "", "invalid_type")]
    [InlineData("""{"segment": {}}""", "segment", "unknown_field")]
    [InlineData("""{"segments": []}""", "segments", "invalid_type")]
    [InlineData("""{"segments": {"": {}}}""", "segments.", "invalid_id")]
    [InlineData("""{"placements": {"a b": {}}}""", "placements.a b", "invalid_id")]
    [InlineData("""{"placements": {"p": {}, "q": {}, "p": {"ttlMs": 1}}}""", "placements.p", "duplicate")]
    [InlineData("""{"placements": {"\uD800": {}}}""", "placements", "invalid_text")]
    [InlineData("""{"\uD800\uD800\uD800\uD800\uD800": {}}""", "", "invalid_text")]
    public void A_faulty_change_is_told_by_its_path(string json, string path, string code)
    {
        var problems = new List<Problem>();
        ChangeReader.Read(JsonElement.Parse(json), problems);

        Assert.Equal((path, code), Assert.Single(problems.Select(problem => (problem.Path, problem.Code))));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("home.hero", true)]
    [InlineData("A-1_b:2", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("ä", false)]
    [InlineData("a\n", false)]
    [InlineData("a%20b", false)]
    public void An_id_is_made_of_letters_digits_and_a_few_marks(string id, bool taken)
    {
        var problems = new List<Problem>();
        ChangeReader.CheckId(id, "here", problems);

        Assert.Equal(taken, problems.Count == 0);
        Assert.All(problems, problem => Assert.Equal(("here", "invalid_id"), (problem.Path, problem.Code)));
    }

    [Fact]
    public void An_id_has_at_most_128_characters()
    {
        var problems = new List<Problem>();

        ChangeReader.CheckId(new string('x', 128), "", problems);
        Assert.Empty(problems);
        ChangeReader.CheckId(new string('x', 129), "", problems);
        Assert.Single(problems);
    }

    [Fact]
    public void Kinds_are_found_by_their_names()
    {
        Assert.All(ConfigurationKinds.All, kind => Assert.Equal(kind, ConfigurationKinds.Parse(kind.PluralName())));
        Assert.Equal(
            ["segments", "experiences", "placements", "experiments", "predictors", "features", "settings", "schemas", "retention"],
            ConfigurationKinds.All.Select(kind => kind.PluralName()));
        Assert.Null(ConfigurationKinds.Parse("Segments"));
    }
}
