using System.Globalization;
using static Personalization.Api.Tests.Json;

namespace Personalization.Api.Tests;

public sealed class ItemsTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Items_are_put_in_bulk_read_and_removed()
    {
        var item = "{'id':'A1','title':'Ärmel','url':'/a1','category':'shirts','brand':'acme','price':9.5,'stock':3,'margin':-1,'attributes':{'new':true,'size':'M','cm':80}}";

        var put = await PutAsync($"{{'items':[{item},{{'id':'A2'}}]}}");

        Assert.Equal(2, put.Is(200)["changedItems"].GetInt32());
        Assert.Equal(server.Personalizer.Configuration.Plan.Revision, put["revision"].GetInt64());
        Same(item, (await server.GetAsync("/v1/items/A1")).Is(200).Body);
        Assert.Equal(0, (await PutAsync($"{{'items':[{item}]}}")).Is(200)["changedItems"].GetInt32());

        (await server.DeleteAsync("/v1/items/A1")).Is(204);
        (await server.GetAsync("/v1/items/A1")).IsProblem(404);
        (await server.DeleteAsync("/v1/items/A1")).IsProblem(404);
    }

    [Theory]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("a%2Fb", "a%252Fb")]
    [InlineData("50 % off?", "50%20%25%20off%3F")]
    public async Task Every_character_of_an_id_can_be_asked_for(string id, string escaped)
    {
        await PutAsync($"{{'items':[{{'id':'{id}'}}]}}");

        Assert.Equal(id, (await server.GetAsync($"/v1/items/{escaped}")).Is(200)["id"].GetString());
        (await server.DeleteAsync($"/v1/items/{escaped}")).Is(204);
    }

    [Theory]
    [InlineData("{'items':[{'id':'x','price':-0.01}]}", "items[0].price", "out_of_range")]
    [InlineData("{'items':[{'id':'x','price':'9'}]}", "items[0].price", "invalid_type")]
    [InlineData("{'items':[{'id':'x','price':1e999}]}", "items[0].price", "out_of_range")]
    [InlineData("{'items':[{'id':'x','price':NaN}]}", "", "not_json")]
    [InlineData("{'items':[{'id':'x','stock':1.5}]}", "items[0].stock", "invalid_type")]
    [InlineData("{'items':[{'id':'x','url':'javascript:alert(1)'}]}", "items[0].url", "unsafe_url")]
    [InlineData("{'items':[{'id':'x','attributes':{'a':[]}}]}", "items[0].attributes.a", "invalid_type")]
    [InlineData("{'items':[{'id':'x','attributes':{'a':1e999}}]}", "items[0].attributes.a", "out_of_range")]
    [InlineData("{'items':[{'id':'x','attributes':{'\\udc00':1}}]}", "", "invalid_text")]
    [InlineData("{'items':[{'id':'x','colour':'red'}]}", "items[0].colour", "unknown_field")]
    [InlineData("{'items':[{'id':'x'},{'id':'x'}]}", "items[1].id", "duplicate")]
    [InlineData("{'items':[{'title':'x'}]}", "items[0].id", "required")]
    [InlineData("{'items':[{'id':'a\\u0001b'}]}", "items[0].id", "invalid_text")]
    [InlineData("{'items':{}}", "items", "invalid_type")]
    [InlineData("{}", "items", "required")]
    [InlineData("[]", "", "invalid_type")]
    public async Task Bad_items_are_refused_and_none_is_taken(string body, string path, string code)
    {
        (await PutAsync(body)).IsProblem(400, path, code);
        (await server.GetAsync("/v1/items/x")).IsProblem(404);
    }

    [Fact]
    public async Task Ten_thousand_items_are_taken_and_one_more_refused()
    {
        Assert.Equal(10_000, (await PutAsync(Many(10_000))).Is(200)["changedItems"].GetInt32());
        (await PutAsync(Many(10_001))).IsProblem(400, "items", "too_many");

        static string Many(int count) =>
            $"{{'items':[{string.Join(',', Enumerable.Range(0, count).Select(index => string.Create(CultureInfo.InvariantCulture, $"{{'id':'many{index}'}}")))}]}}";
    }

    private Task<Answer> PutAsync(string body) => server.PutAsync("/v1/items", Of(body));
}
