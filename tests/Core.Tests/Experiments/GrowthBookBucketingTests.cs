using System.Text.Json;
using Personalization.Core.Experiments;

namespace Personalization.Core.Tests.Experiments;

/// <summary>The bucketing categories of GrowthBook's published cases (packages/sdk-js/test/cases.json, specification 0.8.0).</summary>
public sealed class GrowthBookBucketingTests
{
    private const double Rounding = 1e-8;

    [SharedFact("vectors/growthbook_cases.json")]
    public void Every_published_hash_is_reproduced() => AssertEveryCase("hash", 15, vector =>
    {
        var actual = BucketHash.Compute(vector[0].GetString(), vector[1].GetString(), vector[2].GetInt32());
        return actual == (vector[3].ValueKind == JsonValueKind.Null ? null : vector[3].GetDouble());
    });

    [SharedFact("vectors/growthbook_cases.json")]
    public void Every_published_bucket_range_is_reproduced() => AssertEveryCase("getBucketRange", 13, vector =>
    {
        var input = vector[1];
        var weights = input[2].ValueKind == JsonValueKind.Null ? [] : Numbers(input[2]);
        var actual = Bucketing.Ranges(input[0].GetInt32(), input[1].GetDouble(), weights);
        var expected = Ranges(vector[2]);
        return actual.Length == expected.Length && actual.Zip(expected).All(pair =>
            Near(pair.First.Start, pair.Second.Start) && Near(pair.First.End, pair.Second.End));
    });

    [SharedFact("vectors/growthbook_cases.json")]
    public void Every_published_choice_of_a_variation_is_reproduced() => AssertEveryCase("chooseVariation", 13, vector =>
        Bucketing.ChooseVariation(vector[1].GetDouble(), Ranges(vector[2])) == vector[3].GetInt32());

    [SharedFact("vectors/growthbook_cases.json")]
    public void Every_published_namespace_membership_is_reproduced() => AssertEveryCase("inNamespace", 16, vector =>
    {
        var share = new BucketRange(vector[2][1].GetDouble(), vector[2][2].GetDouble());
        return new BucketNamespace(vector[2][0].GetString()!, share).Contains(vector[1].GetString()) == vector[3].GetBoolean();
    });

    [SharedFact("vectors/growthbook_cases.json")]
    public void Every_published_equal_weight_is_reproduced() => AssertEveryCase("getEqualWeights", 6, vector =>
    {
        var actual = Bucketing.EqualWeights(vector[0].GetInt32());
        var expected = Numbers(vector[1]);
        return actual.Length == expected.Length && actual.Zip(expected).All(pair => Near(pair.First, pair.Second));
    });

    private static void AssertEveryCase(string category, int count, Func<JsonElement, bool> passes)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.FilePath("vectors/growthbook_cases.json")));
        var vectors = document.RootElement.GetProperty(category).EnumerateArray().ToArray();

        Assert.Empty(vectors.Where(vector => !passes(vector)).Select(vector => vector.GetRawText()));
        Assert.Equal(count, vectors.Length);
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

    private static BucketRange[] Ranges(JsonElement array) =>
        [.. array.EnumerateArray().Select(range => new BucketRange(range[0].GetDouble(), range[1].GetDouble()))];

    private static bool Near(double left, double right) => Math.Abs(left - right) < Rounding;
}
