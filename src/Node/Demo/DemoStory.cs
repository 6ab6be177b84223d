namespace Personalization.Node.Demo;

/// <summary>Three lines to paste that show an event changing a decision.</summary>
internal static class DemoStory
{
    public static string For(string address) => $$$"""

        The demo shop is open at {{{address}}}. Paste these one after another: a stranger asks, clicks, and asks again.

          curl -s {{{address}}}/v1/decide -H 'content-type: application/json' -d '{"anonymousId":"me","placements":["home.hero","home.recs"]}'
          curl -s {{{address}}}/v1/events -H 'content-type: application/json' -d '{"events":[{"messageId":"1","type":"click","anonymousId":"me","properties":{"itemId":"wireless-headphones"}}]}'
          curl -s {{{address}}}/v1/decide -H 'content-type: application/json' -d '{"anonymousId":"me","placements":["home.hero","home.recs"]}'

        """;
}
