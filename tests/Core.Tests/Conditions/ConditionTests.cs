using Personalization.Core.Conditions;

namespace Personalization.Core.Tests.Conditions;

public sealed class ConditionTests
{
    // Expected by ECMA-262: each line is what GrowthBook's reference computes for the pair.
    [Theory]
    [InlineData("""{"a":0}""", """{}""", true)]
    [InlineData("""{"a":0}""", """{"a":""}""", true)]
    [InlineData("""{"a":1}""", """{"a":true}""", true)]
    [InlineData("""{"a":16}""", """{"a":" 0x10 "}""", true)]
    [InlineData("""{"a":5}""", """{"a":["5"]}""", true)]
    [InlineData("""{"a":{"$gt":1}}""", """{"a":"Infinity"}""", true)]
    [InlineData("""{"a":{"$gt":1}}""", """{"a":"infinity"}""", false)]
    [InlineData("""{"a":{"$gt":1}}""", """{"a":"2x"}""", false)]
    [InlineData("""{"a":{"$lt":1}}""", """{"a":{}}""", false)]
    [InlineData("""{"a":{"$gt":"10"}}""", """{"a":"9"}""", true)]
    [InlineData("""{"a":{"$gt":"10"}}""", """{"a":9}""", false)]
    [InlineData("""{"a":{"$gt":"10"}}""", """{"a":[9]}""", true)]
    [InlineData("""{"a":{"$gte":"x"}}""", """{}""", false)]
    [InlineData("""{"a":"1.5"}""", """{"a":1.50}""", true)]
    [InlineData("""{"a":"1.50"}""", """{"a":1.5}""", false)]
    [InlineData("""{"a":"1e+21"}""", """{"a":1e21}""", true)]
    [InlineData("""{"a":"true"}""", """{"a":true}""", true)]
    [InlineData("""{"a":"x,,2"}""", """{"a":["x",null,2]}""", true)]
    [InlineData("""{"a":"[object Object]"}""", """{"a":{}}""", true)]
    [InlineData("""{"a":true}""", """{"a":"false"}""", true)]
    [InlineData("""{"a":false}""", """{"a":0}""", true)]
    [InlineData("""{"a":{"$eq":1}}""", """{"a":"1"}""", false)]
    [InlineData("""{"a":{"$eq":null}}""", """{}""", true)]
    [InlineData("""{"a":{"$in":[null]}}""", """{}""", true)]
    [InlineData("""{"a":{"$in":[true]}}""", """{"a":1}""", false)]
    [InlineData("""{"a":{"$regex":"^1,2$"}}""", """{"a":[1,2]}""", true)]
    [InlineData("""{"a":{"$veq":"2"}}""", """{"a":2}""", true)]
    [InlineData("""{"a":{"$vlt":"1"}}""", """{}""", true)]
    [InlineData("""{"a.1":"y","a.length":2}""", """{"a":["x","y"]}""", true)]
    [InlineData("""{"a.01":"y"}""", """{"a":["x","y"]}""", false)]
    [InlineData("""{"a":{"$all":[{"$gt":3},1]}}""", """{"a":[1,4]}""", true)]
    [InlineData("""{"$nor":[]}""", """{}""", false)]
    public void Kinds_are_converted_as_javascript_converts_them(string condition, string document, bool expected) =>
        Assert.Equal(expected, Ask.Matches(condition, document));

    [Theory]
    [InlineData("""{"a":"null"}""", """{}""", false)]
    [InlineData("""{"a":{"$regex":"."}}""", """{"a":null}""", false)]
    [InlineData("""{"a":{"$alli":["null"]}}""", """{"a":[null]}""", false)]
    [InlineData("""{"a":{"x":1,"y":2}}""", """{"a":{"y":2,"x":1}}""", true)]
    [InlineData("""{"a":{"$elemMatch":{"$lt":1}}}""", """{"a":[5,0]}""", true)]
    [InlineData("""{"a":{"$elemMatch":{"name":null}}}""", """{"a":[null]}""", true)]
    public void The_accidents_of_the_reference_are_left_out(string condition, string document, bool expected) =>
        Assert.Equal(expected, Ask.Matches(condition, document));

    [Fact]
    public void A_document_that_is_not_unicode_has_no_such_attribute_instead_of_throwing()
    {
        Assert.False(Ask.Matches("""{"a":{"$exists":true}}""", """{"a":"\ud800"}"""));
        Assert.True(Ask.Matches("""{"a":{"$exists":false}}""", """{"a":["\ud800"],"a":null}"""));
        Assert.False(Ask.Matches("""{"abc":{"$exists":true}}""", """{"\ud800":1}"""));
        Assert.True(Ask.Matches("""{"a":{"$size":1}}""", """{"a":["\ud800"]}"""));
    }

    [Fact]
    public void Scalars_are_asked_without_allocating()
    {
        var condition = ConditionCompiler.Compile(
            Ask.Json("""
                {
                  "country": {"$in": ["DE", "FR", "NL"], "$ne": "US"},
                  "price": {"$gte": 10, "$lt": "250"},
                  "$or": [{"member": true}, {"country": {"$gt": "X"}}, {"price": "99"}],
                  "$not": {"tags": {"$ini": ["SALE"]}},
                  "tags": {"$elemMatch": {"$eq": "new"}, "$size": {"$gt": 1}, "$all": ["new"]}
                }
                """),
            "c",
            VisitorBinder.Instance,
            new List<Problem>())!;
        var visitor = new Visitor("FR", 120, true, AttributeValue.FromArray([AttributeValue.From("new"), AttributeValue.From("shoes")]));
        var versions = ConditionCompiler.Compile(
            Ask.Json("""{"country":{"$vgt":"1.2.3","$vlt":"v1.10.0-rc.1","$regex":"^1\\.\\d"}}"""),
            "c",
            VisitorBinder.Instance,
            new List<Problem>())!;
        var app = visitor with { Country = "1.9.9+build" };
        Assert.True(condition.Matches(visitor));
        Assert.True(versions.Matches(app));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var matches = 0;
        for (var i = 0; i < 1_000; i++)
        {
            matches += condition.Matches(visitor) && versions.Matches(app) ? 1 : 0;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1_000, matches);
    }
}
