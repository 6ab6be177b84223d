namespace Personalization.Silo.Tests;

public sealed class SingleNodeEdition
{
    [Fact(Skip = "The single-node edition is built: eng/edition.sh says which package the feed lacks.")]
    public void Silos_belong_to_the_cluster_edition()
    {
    }
}
