namespace Personalization.Streaming.Kafka.Tests;

public sealed class SingleNodeEdition
{
    [Fact(Skip = "the single-node edition is built: see eng/edition.sh")]
    public void The_stream_provider_belongs_to_the_cluster_edition()
    {
    }
}
