using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Node.Tests.Privacy;

/// <summary>Sessions are kept for training: under a pseudonym, of those who let them teach, once they are over.</summary>
public sealed class TrainingTests
{
    [Fact]
    public async Task A_session_is_kept_once_it_is_over_with_its_steps_and_what_came_of_it()
    {
        using var node = new OpenNode();
        await node.SendAsync("ann", "1", item: "shoe");
        node.Time.Shift(TimeSpan.FromSeconds(40));
        await node.SendAsync("ann", "2", EventTypes.AddToCart, "shoe");
        await node.SendAsync("ann", "3", EventTypes.Search, item: null);
        node.Time.Shift(TimeSpan.FromSeconds(20));
        await node.SendAsync("ann", "4", EventTypes.Purchase, "shoe", price: 25);
        Assert.Empty(await node.TrainingAsync());

        node.Time.Shift(TimeSpan.FromMinutes(31));
        await OpenNode.UntilAsync(async () => (await node.TrainingAsync()) is [{ Steps.Count: 3 }]);

        var session = (await node.TrainingAsync())[0];
        Assert.Equal([("view", "shoe", 0), ("add_to_cart", "shoe", 40), ("purchase", "shoe", 60)], session.Steps.Select(step => (step.Type, step.Item, step.Seconds)));
        Assert.Equal((1, 25.0), (session.Purchases, session.Revenue));
    }

    [Fact]
    public async Task A_session_goes_on_after_a_restart_and_a_pause_begins_another_of_the_same_pseudonym()
    {
        using var node = new OpenNode();
        await node.SendAsync("ann", "1");
        node.Reopen();
        await node.SendAsync("ann", "2", item: "sock");
        node.Time.Shift(TimeSpan.FromHours(2));
        await node.SendAsync("ann", "3", item: "hat");
        await node.SendAsync("ben", "1");
        node.Time.Shift(TimeSpan.FromHours(1));
        await OpenNode.UntilAsync(async () => (await node.TrainingAsync()).Count == 3);

        var sessions = await node.TrainingAsync();
        Assert.Equal([2, 1, 1], sessions.Select(session => session.Steps.Count));
        Assert.Equal(sessions[0].Pseudonym.ToArray(), sessions[1].Pseudonym.ToArray());
        Assert.NotEqual(sessions[0].Pseudonym.ToArray(), sessions[2].Pseudonym.ToArray());
    }

    [Fact]
    public async Task Who_does_not_let_it_teach_is_in_no_session_and_who_takes_it_back_is_in_it_no_more()
    {
        using var node = new OpenNode();
        var denied = new Consent(Purposes.None, Purposes.Training);
        await node.SendAsync("never", "1", consent: denied);
        await node.SendAsync("changed", "1");
        await node.Engine.EraseAsync(["somebody else"], default);
        await node.SendAsync("changed", "2", consent: denied);
        await node.SendAsync("always", "1");
        node.Time.Shift(TimeSpan.FromHours(1));
        await OpenNode.UntilAsync(async () => (await node.TrainingAsync()).Count > 0);
        await node.Engine.EraseAsync(["somebody else"], default);

        Assert.Single(await node.TrainingAsync());
    }

    [Fact]
    public async Task The_pseudonym_of_a_person_changes_with_the_secret()
    {
        using var node = new OpenNode();
        await node.SendAsync("ann", "1");
        node.Time.Shift(TimeSpan.FromDays(31));
        await node.SendAsync("ann", "2");
        node.Time.Shift(TimeSpan.FromHours(1));
        await OpenNode.UntilAsync(async () => (await node.TrainingAsync()).Count == 2);

        var sessions = await node.TrainingAsync();
        Assert.NotEqual(sessions[0].Pseudonym.ToArray(), sessions[1].Pseudonym.ToArray());
        Assert.Equal(2, (await node.Engine.ExportAsync("ann", default))!.TrainingSessions.Count);

        // Both are found, whatever they were made with.
        Assert.Equal(2, (await node.Engine.EraseAsync(["ann"], default)).Erased.TrainingSessions);
        Assert.Empty(await node.TrainingAsync());
    }
}
