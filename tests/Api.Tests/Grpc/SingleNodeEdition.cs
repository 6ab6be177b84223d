namespace Personalization.Api.Tests.Grpc;

/// <summary>Stands for the tests of this folder where the edition has no gRPC.</summary>
public sealed class SingleNodeEdition
{
    [Fact(Skip = "The single-node edition is built: see eng/edition.sh.")]
    public void Services_call_the_engine_over_gRPC()
    {
    }
}
