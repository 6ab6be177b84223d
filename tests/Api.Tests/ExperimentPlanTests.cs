namespace Personalization.Api.Tests;

public sealed class ExperimentPlanTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task People_are_worked_out_from_effect_and_power()
    {
        var answer = await AskAsync("{'metric':{'kind':'proportion','mean':0.34},'effect':0.0088235294,'power':0.67,'alpha':0.14,'rule':'fixed'}");

        // G*Power for 0.34 against 0.343 at α = 0.14 and power 0.67, published by spotify/confidence: 366 424, here with the variance of
        // the delta method for the relative effect, which is 1 % more.
        Assert.InRange(answer["people"].GetDouble(), 366_424 * 0.99, 366_424 * 1.02);
        Assert.Equal(1, answer["looks"].GetArrayLength());
    }

    [Fact]
    public async Task Each_of_the_three_figures_follows_from_the_other_two()
    {
        var people = (await AskAsync("{'metric':{'kind':'mean','mean':10,'variance':400},'effect':0.05}"))["people"].GetDouble();

        var power = (await AskAsync(FormattableString.Invariant($"{{'metric':{{'kind':'mean','mean':10,'variance':400}},'effect':0.05,'people':{people}}}")))["power"].GetDouble();
        var effect = (await AskAsync(FormattableString.Invariant($"{{'metric':{{'kind':'mean','mean':10,'variance':400}},'people':{people},'power':0.8}}")))["effect"].GetDouble();

        Assert.Equal(0.8, power, 1e-3);
        Assert.Equal(0.05, effect, 1e-4);
    }

    [Fact]
    public async Task A_sequential_plan_tells_where_each_look_may_stop_and_how_often_it_does()
    {
        var looks = (await AskAsync("{'metric':{'kind':'proportion','mean':0.1},'effect':0.1,'looks':5}"))["looks"].EnumerateArray().ToArray();

        // stats_cases.json, gst-5looks-equal.
        Assert.All(
            looks.Zip([3.090232, 2.714078, 2.472737, 2.279811, 2.113968]),
            pair => Assert.Equal(pair.Second, pair.First.GetProperty("bound").GetDouble(), 1e-4));
        Assert.Equal(0.05, looks[^1].GetProperty("calledIfNone").GetDouble(), 1e-6);
        Assert.Equal(0.8, looks[^1].GetProperty("calledIfReal").GetDouble(), 1e-3);
    }

    [Theory]
    [InlineData("{'metric':{'kind':'proportion','mean':0.1}}", "effect", "required")]
    [InlineData("{'effect':0.1}", "metric", "required")]
    [InlineData("{'metric':{'kind':'proportion','mean':1.5},'effect':0.1}", "metric.mean", "out_of_range")]
    [InlineData("{'metric':{'kind':'mean','mean':3},'effect':0.1}", "metric.variance", "required")]
    [InlineData("{'metric':{'kind':'mean','mean':0,'variance':1},'effect':0.1}", "metric.mean", "out_of_range")]
    [InlineData("{'metric':{'kind':'proportion','mean':0.1},'effect':0}", "effect", "out_of_range")]
    [InlineData("{'metric':{'kind':'proportion','mean':0.1},'effect':0.1,'weights':[0.5,0.4]}", "weights", "weights_sum")]
    [InlineData("{'metric':{'kind':'proportion','mean':0.1},'effect':0.1,'looks':0}", "looks", "out_of_range")]
    [InlineData("{'metric':{'kind':'proportion','mean':0.1},'effect':0.1,'rule':'peeking'}", "rule", "unknown_value")]
    [InlineData("{'metric':{'kind':'proportion','mean':0.1},'efect':0.1,'people':10}", "efect", "unknown_field")]
    public async Task A_wrong_question_is_refused_with_the_path_of_the_fault(string question, string path, string code)
    {
        (await server.PostAsync("/v1/experiments/power", question.Replace('\'', '"'))).IsProblem(400, path, code);
    }

    private async Task<Answer> AskAsync(string question) => (await server.PostAsync("/v1/experiments/power", question.Replace('\'', '"'))).Is(200);
}
