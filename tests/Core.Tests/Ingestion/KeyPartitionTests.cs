using System.Text;
using Personalization.Core.Ingestion;

namespace Personalization.Core.Tests.Ingestion;

public sealed class KeyPartitionTests
{
    // Apache Kafka, clients/src/test/java/org/apache/kafka/common/utils/UtilsTest.java, testMurmur2.
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void The_hash_is_that_of_Kafkas_own_client(string key, int hash) =>
        Assert.Equal(hash, (int)KeyPartition.Hash(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public void Every_partition_gets_its_share()
    {
        var counts = new int[7];
        for (var person = 0; person < 70_000; person++)
        {
            counts[KeyPartition.Of(Encoding.UTF8.GetBytes($"person-{person}"), counts.Length)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Fact]
    public void A_key_keeps_its_partition_while_the_count_stays()
    {
        Assert.Equal(0, KeyPartition.Of("anyone"u8, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => KeyPartition.Of("anyone"u8, 0));
    }
}
