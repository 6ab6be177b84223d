using Personalization.Streaming.Kafka.Provider;

namespace Personalization.Streaming.Kafka.Tests.Provider;

public sealed class PartitionShareTests
{
    [Theory]
    [InlineData(4, 2)]
    [InlineData(7, 3)]
    [InlineData(64, 5)]
    [InlineData(2, 5)]
    public void Every_partition_has_one_silo_and_no_silo_more_than_its_share(int partitions, int silos)
    {
        var shares = MembershipBalancer.Share(partitions, Silos(silos));

        Assert.Equal(partitions, shares.Length);
        Assert.All(shares.CountBy(silo => silo), share => Assert.InRange(share.Value, 1, (partitions + silos - 1) / silos));
    }

    [Fact]
    public void Few_partitions_move_when_a_silo_joins()
    {
        var before = MembershipBalancer.Share(60, Silos(5));
        var after = MembershipBalancer.Share(60, Silos(6));

        // Ten must move to the newcomer; the cap moves some more, but far from all.
        Assert.InRange(before.Zip(after).Count(pair => pair.First != pair.Second), 10, 25);
    }

    [Fact]
    public void Without_silos_there_are_no_shares() => Assert.Empty(MembershipBalancer.Share(4, []));

    private static string[] Silos(int count) => [.. Enumerable.Range(0, count).Select(i => $"10.0.0.{i}:11111@{i}")];
}
