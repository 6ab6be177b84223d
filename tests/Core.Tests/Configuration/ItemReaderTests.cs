using System.Text.Json;
using Personalization.Core.Catalog;
using Personalization.Core.Conditions;
using Personalization.Core.Configuration;

namespace Personalization.Core.Tests.Configuration;

public sealed class ItemReaderTests
{
    [Fact]
    public void Every_field_of_an_item_is_read_and_written_as_it_was_read()
    {
        const string json =
            """{"id":"A1","title":"Red shoe","url":"/shoes/a1","image":"https://cdn.example/a1.png","category":"shoes","brand":"Acme","price":19.95,"stock":0,"margin":-1.5,"attributes":{"color":"red","size":42.5,"sale":true}}""";

        var item = ItemReader.Read(JsonElement.Parse(json), "", [])!;

        Assert.Equal(("A1", "Red shoe", "/shoes/a1", "https://cdn.example/a1.png"), (item.Id, item.Title, item.Url, item.Image));
        Assert.Equal(("shoes", "Acme", 19.95, 0, -1.5), (item.Category, item.Brand, item.Price, item.Stock, item.Margin));
        Assert.Equal(AttributeValue.From(42.5), item.Attributes["size"]);
        Assert.False(item.IsAvailable);
        Assert.Equal(json, ItemWriter.ToJson(item));
    }

    [Fact]
    public void What_is_left_out_or_null_is_not_there()
    {
        var item = ItemReader.Read(
            JsonElement.Parse("""{"id": "A", "title": null, "price": null, "stock": null, "attributes": {"color": null, "note": ""}}"""), "", [])!;

        Assert.Equal((null, null, null, true), (item.Title, item.Price, item.Stock, item.IsAvailable));
        Assert.Equal(["note"], item.Attributes.Keys);
        Assert.Equal("""{"id":"A","attributes":{"note":""}}""", ItemWriter.ToJson(item));
    }

    [Theory]
    [InlineData("[]", "", "invalid_type")]
    [InlineData("{}", "id", "required")]
    [InlineData("""{"id": 5}""", "id", "invalid_type")]
    [InlineData("""{"id": ""}""", "id", "invalid_text")]
    [InlineData("""{"id": "a\tb"}""", "id", "invalid_text")]
    [InlineData("""{"id": "a", "colour": "red"}""", "colour", "unknown_field")]
    [InlineData("""{"id": "a", "price": -0.01}""", "price", "out_of_range")]
    [InlineData("""{"id": "a", "price": 1e999}""", "price", "out_of_range")]
    [InlineData("""{"id": "a", "price": "5"}""", "price", "invalid_type")]
    [InlineData("""{"id": "a", "stock": -1}""", "stock", "out_of_range")]
    [InlineData("""{"id": "a", "stock": 0.5}""", "stock", "invalid_type")]
    [InlineData("""{"id": "a", "stock": 3000000000}""", "stock", "out_of_range")]
    [InlineData("""{"id": "a", "margin": -1e999}""", "margin", "out_of_range")]
    [InlineData("""{"id": "a", "attributes": []}""", "attributes", "invalid_type")]
    [InlineData("""{"id": "a", "attributes": {"x": {"y": 1}}}""", "attributes.x", "invalid_type")]
    [InlineData("""{"id": "a", "attributes": {"x": [1]}}""", "attributes.x", "invalid_type")]
    [InlineData("""{"id": "a", "attributes": {"x": 1e999}}""", "attributes.x", "out_of_range")]
    [InlineData("""{"id": "a", "attributes": {"x": "\uD800"}}""", "attributes.x", "invalid_text")]
    [InlineData("""{"id": "a", "attributes": {"\uD800": 1}}""", "attributes", "invalid_text")]
    [InlineData("""{"id": "a", "\uDC00\uDC00\uDC00": 1}""", "", "invalid_text")]
    public void A_faulty_item_is_told_by_its_path(string json, string path, string code)
    {
        Assert.Equal((path, code), Assert.Single(Faults(json)));

        var inAList = new List<Problem>();
        ChangeReader.ReadItems(JsonElement.Parse($"{{\"items\": [{{\"id\": \"good\"}}, {json}]}}"), inAList);
        Assert.Equal(path.Length == 0 ? "items[1]" : "items[1]." + path, Assert.Single(inAList).Path);
    }

    [Theory]
    [InlineData("https://shop.example/a", true)]
    [InlineData("HTTP://shop.example/a", true)]
    [InlineData("/a?b#c", true)]
    [InlineData("/", true)]
    [InlineData("//evil.example/a", false)]
    [InlineData("/\\\\evil.example/a", false)]
    [InlineData("\\\\\\\\evil.example", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("java\\tscript:alert(1)", false)]
    [InlineData(" https://shop.example", false)]
    [InlineData("data:text/html,x", false)]
    [InlineData("a.png", false)]
    public void An_address_is_http_or_a_path_of_this_site(string address, bool taken)
    {
        foreach (var field in new[] { "url", "image" })
        {
            var faults = Faults($"{{\"id\": \"a\", \"{field}\": \"{address}\"}}");

            Assert.Equal(taken, faults.Length == 0);
            Assert.All(faults, fault => Assert.Equal(field, fault.Path));
        }
    }

    [Theory]
    [InlineData("id", 256)]
    [InlineData("title", 1000)]
    [InlineData("category", 256)]
    public void A_text_may_be_as_long_as_its_bound_and_not_one_longer(string field, int most)
    {
        string With(int length) => field == "id"
            ? $"{{\"id\": \"{new string('x', length)}\"}}"
            : $"{{\"id\": \"a\", \"{field}\": \"{new string('x', length)}\"}}";

        Assert.Empty(Faults(With(most)));
        Assert.Equal([(field, "invalid_text")], Faults(With(most + 1)));
    }

    [Fact]
    public void An_item_has_at_most_64_attributes()
    {
        string With(int count) => $"{{\"id\": \"a\", \"attributes\": {{{string.Join(",", Enumerable.Range(0, count).Select(i => $"\"a{i}\": {i}"))}}}}}";

        Assert.Empty(Faults(With(64)));
        Assert.Equal([("attributes", "too_many")], Faults(With(65)));
    }

    [Theory]
    [InlineData("[]", "", "invalid_type")]
    [InlineData("{}", "items", "required")]
    [InlineData("""{"items": {}}""", "items", "invalid_type")]
    [InlineData("""{"items": [], "more": 1}""", "more", "unknown_field")]
    [InlineData("""{"items": [{"id": "a"}, {"id": "b"}, {"id": "a"}]}""", "items[2].id", "duplicate")]
    public void A_faulty_list_of_items_is_told_by_its_path(string json, string path, string code)
    {
        var problems = new List<Problem>();
        ChangeReader.ReadItems(JsonElement.Parse(json), problems);

        Assert.Equal((path, code), Assert.Single(problems.Select(problem => (problem.Path, problem.Code))));
    }

    [Fact]
    public void A_list_holds_10_000_items_and_not_one_more()
    {
        string With(int count) => $"{{\"items\": [{string.Join(",", Enumerable.Range(0, count).Select(i => $"{{\"id\": \"i{i}\"}}"))}]}}";
        var problems = new List<Problem>();

        Assert.Equal(10_000, ChangeReader.ReadItems(JsonElement.Parse(With(10_000)), problems).PutItems.Count);
        Assert.Empty(problems);
        ChangeReader.ReadItems(JsonElement.Parse(With(10_001)), problems);
        Assert.Equal(("items", "too_many"), (problems.Single().Path, problems.Single().Code));
    }

    private static (string Path, string Code)[] Faults(string json)
    {
        var problems = new List<Problem>();
        var item = ItemReader.Read(JsonElement.Parse(json), "", problems);
        Assert.Equal(problems.Count == 0, item is not null);
        return [.. problems.Select(problem => (problem.Path, problem.Code))];
    }
}
