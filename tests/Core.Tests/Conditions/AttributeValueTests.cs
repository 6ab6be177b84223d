using Personalization.Core.Conditions;

namespace Personalization.Core.Tests.Conditions;

public sealed class AttributeValueTests
{
    // Expected by ECMA-262, section 6.1.6.1.20 (Number::toString), and checked in Node.js.
    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(1.0, "1")]
    [InlineData(-12.5, "-12.5")]
    [InlineData(100.0, "100")]
    [InlineData(123456789012345680000.0, "123456789012345680000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1.25e25, "1.25e+25")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.000001, "0.000001")]
    [InlineData(0.00000123, "0.00000123")]
    [InlineData(0.000000123, "1.23e-7")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void A_number_is_spelled_as_javascript_spells_it(double number, string expected) =>
        Assert.Equal(expected, AttributeValue.From(number).ToString());

    [Fact]
    public void Negative_zero_is_spelled_without_its_sign() => Assert.Equal("0", AttributeValue.From(double.NegativeZero).ToString());

    [Theory]
    [InlineData("null", AttributeKind.Null)]
    [InlineData("false", AttributeKind.Boolean)]
    [InlineData("1", AttributeKind.Number)]
    [InlineData("\"1\"", AttributeKind.Text)]
    [InlineData("[1]", AttributeKind.Array)]
    [InlineData("{}", AttributeKind.Object)]
    public void A_value_keeps_the_kind_that_json_gave_it(string json, AttributeKind kind) =>
        Assert.Equal(kind, AttributeValue.FromJson(Ask.Json(json)).Kind);

    [Fact]
    public void The_default_is_missing()
    {
        Assert.Equal(AttributeKind.Missing, default(AttributeValue).Kind);
        Assert.Equal(AttributeValue.Missing, AttributeValue.FromJson(default));
        Assert.NotEqual(AttributeValue.Missing, AttributeValue.Null);
        Assert.True(AttributeValue.Missing.IsNothing && AttributeValue.Null.IsNothing);
    }

    [Theory]
    [InlineData("[1,[2,null]]", "[1.0,[2,null]]", true)]
    [InlineData("[1,2]", "[2,1]", false)]
    [InlineData("[1]", "[1,2]", false)]
    [InlineData("[1,2]", "[1]", false)]
    [InlineData("""{"a":1,"b":{"c":"d"}}""", """{"b":{"c":"d"},"a":1}""", true)]
    [InlineData("""{"a":1}""", """{"b":1}""", false)]
    [InlineData("1", "\"1\"", false)]
    [InlineData("0", "false", false)]
    [InlineData("null", "0", false)]
    public void Values_are_equal_when_their_json_is(string left, string right, bool expected)
    {
        var (x, y) = (AttributeValue.FromJson(Ask.Json(left)), AttributeValue.FromJson(Ask.Json(right)));

        Assert.Equal(expected, x == y);
        Assert.Equal(expected, y.Equals(x));
        Assert.True(!expected || x.GetHashCode() == y.GetHashCode());
    }

    [Fact]
    public void A_list_made_by_code_is_asked_in_place()
    {
        var live = new List<AttributeValue>();
        var value = AttributeValue.FromArray(live);

        live.Add(AttributeValue.From("late"));

        Assert.Equal(1, value.Count);
        Assert.Equal("late", value[0].Text);
    }

    [Fact]
    public void Reading_a_value_as_another_kind_is_a_fault()
    {
        Assert.Throws<InvalidOperationException>(() => AttributeValue.From(1).Text);
        Assert.Throws<InvalidOperationException>(() => AttributeValue.From("1").Number);
        Assert.Throws<InvalidOperationException>(() => AttributeValue.Missing.Boolean);
        Assert.Throws<InvalidOperationException>(() => AttributeValue.Null.Count);
        Assert.Throws<InvalidOperationException>(() => AttributeValue.Null[0]);
    }
}
