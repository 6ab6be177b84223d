using System.Globalization;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Personalization.Core.Privacy;
using static Personalization.Api.Tests.Json;

namespace Personalization.Api.Tests;

/// <summary>Two worlds that differ, arbitrarily, in what belongs to a purpose and in nothing else: who denies it can't tell them apart.</summary>
public sealed class DenialPropertyTests : IAsyncLifetime, IDisposable
{
    private static readonly string[] Types = ["view", "click", "search", "add_to_cart", "purchase", "wishlist"];
    private static readonly string[] Items = ["boot", "shoe", "sock", "hat"];

    private readonly ApiServer _one = new(new Standstill());
    private readonly ApiServer _other = new(new Standstill());
    private int _people;

    public async Task InitializeAsync()
    {
        foreach (var server in (ApiServer[])[_one, _other])
        {
            await server.InitializeAsync();
            var (segments, placements) = (new JsonObject(), new JsonObject());
            foreach (var name in PurposeNames.All.Select(PurposeNames.Of))
            {
                segments[$"for-{name}"] = JsonNode.Parse(Of($"{{'condition':{{'context.{name}':{{'$gte':5}}}},'purposes':['{name}']}}"));
                placements[$"p-{name}"] = JsonNode.Parse(Of($"{{'experiences':[{{'id':'in','audience':{{'segments.for-{name}':true}}}},{{'id':'out'}}]}}"));
            }

            placements["hero"] = JsonNode.Parse(Of(
                """
                {'experiences':[{'id':'in','audience':{'events.view.1h':{'$gte':2},'session.active':true}},
                                {'id':'out','audience':{'affinity.category.shoes':{'$gt':0.3}}}]}
                """));
            placements["recs"] = JsonNode.Parse(Of("{'experiences':[{'id':'list'}]}"));
            placements["test"] = JsonNode.Parse("{}");
            var configuration = new JsonObject
            {
                ["items"] = JsonNode.Parse(Of("[{'id':'boot','category':'shoes'},{'id':'shoe','category':'shoes'},{'id':'sock'},{'id':'hat','brand':'acme'}]")),
                ["experiences"] = JsonNode.Parse(Of(
                    """
                    {'in':{'patches':[{'op':'setText','selector':'h1','text':'in'}]},'out':{},
                     'list':{'recommend':{'strategies':['next','trending','popular'],'limit':3,'excludeSeen':true},'output':'items'}}
                    """)),
                ["segments"] = segments,
                ["placements"] = placements,
                ["experiments"] = JsonNode.Parse(Of(
                    """
                    {'x':{'placement':'test','status':'running','audience':{'profile.sessions':{'$lt':3}},
                          'variants':[{'key':'a','weight':0.5,'experience':'in'},{'key':'b','weight':0.5,'experience':'out'}]}}
                    """)),
            };
            (await server.PostAsync("/v1/configuration", configuration.ToJsonString())).Is(200);

            // What others did is the same in both worlds, so that there is something to recommend.
            await SendAsync(server, "others", [(0, 0), (0, 1), (1, 2), (4, 3)], teaches: true);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var server in (ApiServer[])[_one, _other])
        {
            await server.DisposeAsync();
        }
    }

    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void A_denied_purpose_cant_change_one_byte_of_a_decision() =>
        Prop.ForAll(Worlds(), world => AnswersAreAlikeAsync(world).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Without_the_denial_every_purpose_can()
    {
        foreach (var purpose in PurposeNames.All)
        {
            var world = new World(purpose, "nothing", [(0, 0), (0, 0), (0, 1)], [(5, 3)], 9, 0);
            Assert.False(await AnswersAreAlikeAsync(world), $"Nothing the test varies belongs to {purpose}.");
        }
    }

    private async Task<bool> AnswersAreAlikeAsync(World world)
    {
        var person = string.Create(CultureInfo.InvariantCulture, $"person-{Interlocked.Increment(ref _people)}");
        var isAbout = world.Denied == Purposes.Personalization;
        var left = await AnswerAsync(_one, person, world, world.History, world.Secret);
        var right = await AnswerAsync(_other, person, world, isAbout ? world.OtherHistory : world.History, world.OtherSecret);
        return left == right;
    }

    private static async Task<string> AnswerAsync(ApiServer server, string person, World world, (int, int)[] history, int secret)
    {
        await SendAsync(server, person, history, teaches: false);
        var name = PurposeNames.Of(world.Denied);
        if (world.Way == "stored")
        {
            (await server.PutAsync($"/v1/users/{person}/consent", Of($"{{'purposes':{{'{name}':'denied'}}}}"))).Is(200);
        }

        var consent = world.Way == "request" ? $",'consent':{{'{name}':'denied'}}" : "";
        var answer = await server.PostAsync("/v1/decide", Of($"{{'anonymousId':'{person}','context':{{'{name}':{secret}}}{consent}}}"));
        var body = JsonNode.Parse(answer.Is(200).Body.GetRawText())!.AsObject();
        body.Remove("decisionId");

        // Positions count everybody's events, so those of people who may be known differ with what others did; a stranger has none.
        if (world.Denied != Purposes.Personalization || world.Way == "nothing")
        {
            body.Remove("profileVersion");
        }

        return body.ToJsonString();
    }

    private static async Task SendAsync(ApiServer server, string person, (int Type, int Item)[] history, bool teaches)
    {
        if (history.Length == 0)
        {
            return;
        }

        var events = history.Select((step, i) => Of(
            $"{{'messageId':'{i}','type':'{Types[step.Type]}','anonymousId':'{person}','consent':{{'training':{(teaches ? "true" : "false")}}},"
            + $"'properties':{{'itemId':'{Items[step.Item]}'}}}}"));
        (await server.PostAsync("/v1/events", $"{{\"events\":[{string.Join(',', events)}]}}")).Is(202);
    }

    private static Arbitrary<World> Worlds()
    {
        var history = (from type in Gen.Choose(0, Types.Length - 1) from item in Gen.Choose(0, Items.Length - 1) select (type, item)).ArrayOf();
        return (from denied in Gen.Elements(PurposeNames.All.ToArray())
                from way in Gen.Elements("request", "stored")
                from one in history
                from other in history
                from secret in Gen.Choose(0, 9)
                from otherSecret in Gen.Choose(0, 9)
                select new World(denied, way, one, other, secret, otherSecret)).ToArbitrary();
    }

    private sealed record World(
        Purposes Denied, string Way, (int Type, int Item)[] History, (int Type, int Item)[] OtherHistory, int Secret, int OtherSecret);

    /// <summary>A clock that stands still, so that nothing differs by the moment it was asked.</summary>
    private sealed class Standstill : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    }
}
