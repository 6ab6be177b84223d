using Personalization.Core.Decisions;

namespace Personalization.Core.Tests.Decisions;

public sealed class DecisionIdTests
{
    [Theory]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAV")] // The example of github.com/ulid/spec.
    [InlineData("01BX5ZZKBKACTAV9WEVGEMMVRZ")] // Its example of monotonicity.
    [InlineData("7ZZZZZZZZZZZZZZZZZZZZZZZZZ")] // "The largest valid ULID".
    [InlineData("00000000000000000000000000")]
    public void A_ULID_is_printed_as_it_was_parsed(string text)
    {
        Assert.True(DecisionId.TryParse(text, out var id));
        Assert.Equal(text, id.ToString());
        Assert.True(DecisionId.TryParse(text.ToLowerInvariant(), out var lower));
        Assert.Equal(id, lower);
    }

    [Fact]
    public void The_first_ten_characters_are_the_time()
    {
        // github.com/ulid/javascript: ulid(1469918176385) begins with 01ARYZ6S41.
        Assert.Equal("01ARYZ6S41", DecisionId.Create(1_469_918_176_385, UInt128.MaxValue).ToString()[..10]);
        Assert.Equal("01ARYZ6S41ZZZZZZZZZZZZZZZZ", DecisionId.Create(1_469_918_176_385, UInt128.MaxValue).ToString());
        Assert.Equal(1_469_918_176_385, DecisionId.Create(1_469_918_176_385, 0).CreatedAt);
        Assert.True(DecisionId.TryParse("7ZZZZZZZZZZZZZZZZZZZZZZZZZ", out var last));
        Assert.Equal(281_474_976_710_655, last.CreatedAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("8ZZZZZZZZZZZZZZZZZZZZZZZZZ")] // "Any attempt to decode … larger than this should be rejected".
    [InlineData("80000000000000000000000000")]
    [InlineData("ZZZZZZZZZZZZZZZZZZZZZZZZZZ")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FA")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAVX")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAI")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAL")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAO")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAU")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FA-")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FA\u017F")]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FA\u0661")]
    public void What_is_no_ULID_is_refused(string text) => Assert.False(DecisionId.TryParse(text, out _));

    [Fact]
    public void Ids_sort_by_time_as_numbers_as_text_and_as_bytes()
    {
        var random = new Random(1);
        var times = Enumerable.Range(0, 500).Select(_ => random.NextInt64(1L << 48)).Order().Distinct().ToArray();
        var ids = times.Select(time => DecisionId.Create(time, new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()))).ToArray();

        Assert.Equal(times, ids.Select(id => id.CreatedAt));
        Assert.Equal(ids, ids.OrderBy(id => id.ToString(), StringComparer.Ordinal));
        Assert.Equal(ids, ids.OrderBy(id => Convert.ToHexString(Bytes(id)), StringComparer.Ordinal));
        Assert.All(ids, id => Assert.True(DecisionId.TryParse(id.ToString(), out var parsed) && parsed == id));
    }

    [Fact]
    public void All_80_random_bits_are_used()
    {
        var ids = Enumerable.Range(0, 128).Select(bit => DecisionId.Create(0, UInt128.One << bit)).ToArray();

        Assert.Equal(80, ids.Distinct().Count() - 1);
    }

    private static byte[] Bytes(DecisionId id)
    {
        var bytes = new byte[DecisionId.ByteLength];
        id.WriteBytes(bytes);
        return bytes;
    }
}
