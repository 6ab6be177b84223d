using System.Text.Json;
using Personalization.Core.Configuration;
using Personalization.Core.Privacy;

namespace Personalization.Core.Tests.Configuration;

public sealed class RetentionTests
{
    [Fact]
    public void Each_purpose_has_its_days_and_training_expires_where_nothing_is_configured()
    {
        var policy = After("""{"retention":{"personalization":{"days":365},"analytics":{"days":30},"crossDevice":{"days":90} } }""", out var problems);

        Assert.Empty(problems);
        Assert.Equal(
            new RetentionPolicy { PersonalizationDays = 365, AnalyticsDays = 30, CrossDeviceDays = 90, TrainingDays = RetentionPolicy.DefaultTrainingDays }, policy);
    }

    [Theory]
    [InlineData("""{"retention":{"fun":{"days":1} } }""", "retention.fun", "unknown_purpose")]
    [InlineData("""{"retention":{"advertising":{"days":1} } }""", "retention.advertising", "nothing_kept")]
    [InlineData("""{"retention":{"training":{} } }""", "retention.training.days", "required")]
    [InlineData("""{"retention":{"training":{"days":0} } }""", "retention.training.days", "out_of_range")]
    [InlineData("""{"retention":{"training":{"days":7,"weeks":1} } }""", "retention.training.weeks", "unknown_field")]
    public void What_makes_no_sense_is_refused_with_its_path(string json, string path, string code)
    {
        After(json, out var problems);

        Assert.Equal((path, code), Assert.Single(problems.Select(problem => (problem.Path, problem.Code))));
    }

    private static RetentionPolicy After(string json, out IReadOnlyList<Problem> problems)
    {
        var change = ChangeReader.Read(JsonElement.Parse(json), []);
        problems = ConfigurationState.Empty.Apply(change, new Vocabulary(), out var next).Problems;
        return next.Plan.Retention;
    }
}
