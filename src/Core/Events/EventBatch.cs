namespace Personalization.Core.Events;

/// <summary>What was read of a batch: the good events, and for each bad one its place and what is wrong with it.</summary>
/// <param name="Events">The good events, in the order sent.</param>
/// <param name="Rejected">The bad ones, in the order sent.</param>
public sealed record EventBatch(IReadOnlyList<Event> Events, IReadOnlyList<RejectedEvent> Rejected)
{
    /// <summary>Gives all that were rejected, in the order sent, with those among <see cref="Events"/> that the host refused.</summary>
    /// <param name="byHost">What the host refused, by place in <see cref="Events"/>, in order.</param>
    public IReadOnlyList<RejectedEvent> RejectedWith(IReadOnlyList<RejectedEvent> byHost)
    {
        if (byHost.Count == 0)
        {
            return Rejected;
        }

        var all = new List<RejectedEvent>(Rejected.Count + byHost.Count);
        var (before, refused) = (0, 0);
        for (var good = 0; good < Events.Count && refused < byHost.Count; good++)
        {
            while (before < Rejected.Count && Rejected[before].Index <= good + before)
            {
                all.Add(Rejected[before++]);
            }

            if (byHost[refused].Index == good)
            {
                all.Add(byHost[refused++] with { Index = good + before });
            }
        }

        all.AddRange(Rejected.Skip(before));
        return all;
    }
}
