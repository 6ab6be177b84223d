namespace Personalization.Core.Tests.Segments;

public sealed class SegmentDraftTests
{
    [Fact]
    public void A_draft_may_refer_to_the_segments_there_are()
    {
        var clock = new SegmentClock(("viewer", """{"events.view.total":{"$gte":1}}"""));

        var draft = clock.Draft("""{"condition":{"segments.viewer":true},"sample":5}""", out var problems);

        Assert.Empty(problems);
        Assert.Equal((5, null), (draft!.Sample, draft.Replaces));
        Assert.Equal(20_000, clock.Draft("""{"condition":{}}""", out _)!.Sample);
    }

    [Theory]
    [InlineData("""{"sample":1}""", "condition", "required")]
    [InlineData("""{"condition":{"events.veiw.1h":1,"sesion.active":true}}""", "condition.sesion.active", "unknown_attribute")]
    [InlineData("""{"condition":{},"replaces":"nobody"}""", "replaces", "unknown_reference")]
    [InlineData("""{"condition":{},"sample":0}""", "sample", "out_of_range")]
    [InlineData("""{"condition":{},"sample":1000000}""", "sample", "out_of_range")]
    [InlineData("""{"condition":{},"smaple":5}""", "smaple", "unknown_field")]
    [InlineData("""{"condition":{"segments.viewer":true},"replaces":"viewer"}""", "condition.segments.viewer", "unknown_attribute")]
    [InlineData("""[]""", "", "invalid_type")]
    public void A_faulty_draft_is_refused_with_the_place_of_the_fault(string json, string path, string code)
    {
        var clock = new SegmentClock(("viewer", """{"events.view.total":{"$gte":1}}"""));

        Assert.Null(clock.Draft(json, out var problems));
        Assert.Contains(problems, problem => (problem.Path, problem.Code) == (path, code));
    }

    [Fact]
    public void Another_meaning_has_another_fingerprint_and_another_layout_has_not()
    {
        Assert.Equal(Of("""{"events.view.1h":{"$gte":1}}"""), Of("""{ "events.view.1h" : { "$gte" : 1 } }"""));
        Assert.NotEqual(Of("""{"events.view.1h":{"$gte":1}}"""), Of("""{"events.view.1h":{"$gte":2}}"""));

        // "of" means something else when what it refers to does.
        Assert.NotEqual(Of("{}", referring: true), Of("""{"profile.known":true}""", referring: true));

        static ulong Of(string condition, bool referring = false)
        {
            var clock = new SegmentClock(("a", condition), ("of", """{"segments.a":true}"""));
            return clock.State.Plan.Definitions.Single(definition => definition.Id == (referring ? "of" : "a")).Fingerprint;
        }
    }
}
