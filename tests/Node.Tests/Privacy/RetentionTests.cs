using Personalization.Core.Decisions;

namespace Personalization.Node.Tests.Privacy;

/// <summary>What is kept for a purpose goes when its time is over, by itself.</summary>
public sealed class RetentionTests
{
    [Fact]
    public async Task A_person_inactive_for_longer_than_configured_is_erased_and_an_active_one_is_not()
    {
        using var node = new OpenNode();
        await node.SendAsync("sleeper", "1");
        await node.SendAsync("regular", "1");
        node.Time.Shift(TimeSpan.FromDays(20));
        await node.SendAsync("regular", "2");
        await node.ConfigureAsync("""{"retention":{"personalization":{"days":30} } }""");
        node.Time.Shift(TimeSpan.FromDays(15));

        await OpenNode.UntilAsync(async () => await node.Engine.FindProfileAsync("sleeper", default) is null);

        Assert.NotNull(await node.Engine.FindProfileAsync("regular", default));
        Assert.Equal(1, node.Engine.Statistics.Profiles);
    }

    [Fact]
    public async Task Decisions_older_than_analytics_may_keep_them_are_forgotten()
    {
        using var node = new OpenNode();
        var old = await node.Engine.DecideAsync(new DecisionRequest { AnonymousId = "a" }, default);
        node.Reopen();
        node.Time.Shift(TimeSpan.FromDays(8));
        var recent = await node.Engine.DecideAsync(new DecisionRequest { AnonymousId = "a" }, default);
        await node.ConfigureAsync("""{"retention":{"analytics":{"days":7} } }""");

        await OpenNode.UntilAsync(async () => await node.Engine.FindDecisionAsync(old.Id, default) is null);

        Assert.NotNull(await node.Engine.FindDecisionAsync(recent.Id, default));
    }

    [Fact]
    public async Task Training_sessions_expire_without_being_told_to()
    {
        using var node = new OpenNode();
        await node.SendAsync("a", "1");
        node.Time.Shift(TimeSpan.FromHours(1));
        await OpenNode.UntilAsync(async () => (await node.TrainingAsync()).Count == 1);

        node.Time.Shift(TimeSpan.FromDays(91));

        await OpenNode.UntilAsync(async () => (await node.TrainingAsync()).Count == 0);
        Assert.NotNull(await node.Engine.FindProfileAsync("a", default));
    }
}
