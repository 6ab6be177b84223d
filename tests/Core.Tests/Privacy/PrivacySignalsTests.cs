using Personalization.Core.Privacy;

namespace Personalization.Core.Tests.Privacy;

public sealed class PrivacySignalsTests
{
    [Theory]
    [InlineData(null, null, Purposes.None)]
    [InlineData("1", null, Purposes.Advertising | Purposes.CrossDevice)]
    [InlineData(null, "1", Purposes.Advertising | Purposes.CrossDevice | Purposes.Training)]
    [InlineData("0", "0", Purposes.None)]
    [InlineData("true", "null", Purposes.None)]
    public void Only_a_1_denies(string? gpc, string? dnt, Purposes denied) => Assert.Equal(denied, PrivacySignals.Default.Denied(gpc, dnt));

    [Theory]
    [InlineData("", Purposes.None)]
    [InlineData("training", Purposes.Training)]
    [InlineData(" advertising , crossDevice ", Purposes.Advertising | Purposes.CrossDevice)]
    [InlineData("Training", null)]
    [InlineData("training,none", null)]
    public void A_list_of_purposes_is_read_or_refused(string names, Purposes? purposes) => Assert.Equal(purposes, PurposeNames.ParseList(names));

    [Fact]
    public void What_is_listed_is_read_back() => Assert.Equal(PurposeNames.Every, PurposeNames.ParseList(PurposeNames.List(PurposeNames.Every)));
}
