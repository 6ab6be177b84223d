using Personalization.Core.Decisions;

namespace Personalization.Core.Tests.Decisions;

public sealed class PageContextTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("https://shop.example", "/")]
    [InlineData("https://shop.example/", "/")]
    [InlineData("https://shop.example/shoes/red", "/shoes/red")]
    [InlineData("https://shop.example/shoes?color=red#top", "/shoes")]
    [InlineData("https://shop.example/shoes#top", "/shoes")]
    [InlineData("https://shop.example?next=/cart", "/")]
    [InlineData("https://shop.example#/cart", "/")]
    [InlineData("/shoes?color=red", "/shoes")]
    [InlineData("/go?to=https://other.example/path", "/go")]
    [InlineData("", "")]
    public void A_path_is_what_stands_between_the_host_and_the_query(string? url, string? path) => Assert.Equal(path, new PageContext(url).Path);
}
