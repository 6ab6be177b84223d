using System.Text;
using Personalization.Cli.Events;
using Personalization.Cli.Mapping;

namespace Personalization.Cli.Tests.Mapping;

public sealed class MappingTests
{
    private const string Minimal = """
        event:
          messageId: "{id}"
          type: view
          anonymousId: "{who}"
        """;

    [Fact]
    public void Templates_make_fields_of_columns_and_numbers_are_padded()
    {
        var json = Map(
            """
            delimiter: ";"
            event:
              messageId: "{session}-{order}"
              type: click
              timestamp: { value: "{year}-{month:00}-{day:00}T00:00:00Z", plusSeconds: order }
              anonymousId: "shop-{session}"
              properties: { itemId: "{item}", price: "{price}", note: "{{as is}}" }
            """,
            "session;order;year;month;day;item;price", "77;65;2008;4;1;A13;28.50");
        Assert.Equal(
            """{"messageId":"77-65","type":"click","timestamp":"2008-04-01T00:01:05Z","anonymousId":"shop-77","properties":{"itemId":"A13","price":28.5,"note":"{as is}"}}""",
            json);
    }

    [Fact]
    public void Constants_keep_the_type_that_yaml_gives_them()
    {
        var json = Map(
            Minimal + """

              consent: { training: false, analytics: "{yes}" }
              properties: { quantity: 2, size: "42", gift: true, kind: { from: "{who}", map: { 1: dear }, otherwise: other } }
            """,
            "id,who,yes", "m,1,true");
        Assert.Equal(
            """{"messageId":"m","type":"view","anonymousId":"1","consent":{"training":false,"analytics":true},"properties":{"quantity":2,"size":"42","gift":true,"kind":"dear"}}""",
            json);
    }

    [Fact]
    public void What_is_empty_in_the_row_is_absent_in_the_event() =>
        Assert.Equal(
            """{"messageId":"m","type":"view","anonymousId":"1"}""",
            Map(Minimal + "\n  userId: \"{user}\"\n  properties: { price: \"{price}\" }", "id,who,user,price", "m,1,,"));

    [Theory]
    [InlineData("m,1,12 pounds", "price is a number, not \"12 pounds\"")]
    [InlineData(",1,2", "messageId is empty")]
    [InlineData("m,,2", "anonymousId and userId are both empty")]
    [InlineData("m,1", "the row has 2 columns, not 3")]
    public void A_row_that_makes_no_event_says_why(string row, string why) =>
        Assert.Equal(why, Assert.Throws<RowError>(() => Map(Minimal + "\n  properties: { price: \"{price}\" }", "id,who,price", row)).Message);

    [Fact]
    public void Times_can_be_written_in_any_format() =>
        Assert.Contains(
            "\"timestamp\":\"2010-12-01T08:26:00Z\"",
            Map(Minimal + "\n  timestamp: { value: \"{at}\", format: \"M/d/yyyy H:mm\" }", "id,who,at", "m,1,12/1/2010 8:26"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("event: { messageId: \"{nr}\", type: view, anonymousId: x }", "shop.yaml:1: There is no column 'nr'. The columns are: id, who.")]
    [InlineData("event:\n  messageId: x\n  typo: view\n  anonymousId: x", "shop.yaml:3: 'typo' means nothing here.")]
    [InlineData("event:\n  messageId: x\n  type: view", "shop.yaml:2: An event is done by somebody")]
    [InlineData("delimiter: ab\nevent: {}", "shop.yaml:1: 'delimiter' is one character.")]
    [InlineData("event: { messageId: \"{id:Q}\", type: view, anonymousId: x }", "shop.yaml:1: ")]
    [InlineData("event: { messageId: .inf, type: view, anonymousId: x }", "shop.yaml:1: JSON has no number like .inf.")]
    [InlineData("columns: a, b\nevent: {}", "shop.yaml:1: 'columns' is a list of names.")]
    [InlineData("event: [", "shop.yaml:")]
    public void A_mistake_in_the_mapping_is_named_with_file_and_line(string yaml, string message) =>
        Assert.StartsWith(message, Assert.Throws<UserError>(() => Map(yaml, "id,who", "m,1")).Message, StringComparison.Ordinal);

    [Fact]
    public void Items_are_made_of_rows_too()
    {
        var mapping = MappingFile.Load("shop.yaml", new StringReader(
            """
            columns: [id, who, price]
            values: { shout: { from: "{who}", map: { a: AA } } }
            event: { messageId: "{id}", type: view, anonymousId: "{who}" }
            items: { id: "{shout}", title: "The {shout}", price: "{price}", attributes: { level: { from: "{price}", type: number } } }
            """));
        List<string> row = ["m", "a", "3"];
        var mapper = mapping.Bind(mapping.Columns!);
        mapper.Prepare(row);
        Assert.Equal(
            """{"items":[{"id":"AA","title":"The AA","price":3,"attributes":{"level":3}}]}""",
            Encoding.UTF8.GetString(Item.SerializeMany([mapper.Item(row)!])));
    }

    private static string Map(string yaml, string header, string row)
    {
        var mapping = MappingFile.Load("shop.yaml", new StringReader(yaml));
        var mapper = mapping.Bind(header.Split(mapping.Delimiter));
        List<string> fields = [.. row.Split(mapping.Delimiter)];
        mapper.Prepare(fields);
        return Encoding.UTF8.GetString(EventJson.Serialize(mapper.Event(fields)));
    }
}
