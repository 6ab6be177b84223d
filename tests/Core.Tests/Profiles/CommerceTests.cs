using System.Buffers;
using Personalization.Core.Profiles;
using Personalization.Core.Tests.Events;

namespace Personalization.Core.Tests.Profiles;

public sealed class CommerceTests
{
    private const long Day = 86_400_000;
    private const long Now = Happened.Monday + (60 * Day);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Two_people_merge_alike_from_either_side_and_three_in_any_grouping(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 50; i++)
        {
            var (a, b, c) = (Of(random), Of(random), Of(random));

            Assert.Equal(Bytes(Merged(a, b)), Bytes(Merged(b, a)));
            Assert.Equal(Bytes(Merged(Merged(a, b), c)), Bytes(Merged(a, Merged(b, c))));
            Assert.Equal(Bytes(a), Bytes(Merged(a, default)));
        }
    }

    [Fact]
    public void Amounts_no_shop_has_stop_at_the_most_there_is()
    {
        var commerce = default(Commerce);
        for (var i = 0; i < 40; i++)
        {
            commerce.Fold(Happened.Event("purchase", Now, price: 1e300, quantity: 1_000_000), (uint)(Now / 1000), Now);
        }

        Assert.Equal(1e13, commerce.Revenue);
        Assert.Equal(1e13, commerce.RevenueIn(RevenuePanes.Windows[0], Now));
        Assert.Equal(1e300, commerce.ChosenPrice, 1e297);
    }

    [Fact]
    public void What_no_window_sees_any_more_makes_room_for_what_one_does()
    {
        var commerce = default(Commerce);
        for (var day = 0; day < 365; day++)
        {
            var at = Happened.Monday + (day * Day);
            commerce.Fold(Happened.Event("purchase", at, price: 1), (uint)(at / 1000), at);
        }

        var output = new ArrayBufferWriter<byte>();
        commerce.Write(output, Happened.Monday + (364 * Day));

        // 30 panes of a day and one of an hour, at most 5 bytes for the key and 3 for the amount.
        Assert.InRange(output.WrittenCount, 60, 31 * 8 + 60);
        Assert.Equal(365, commerce.Revenue);
        Assert.Equal(30, commerce.RevenueIn(RevenuePanes.Windows[1], Happened.Monday + (364 * Day)));
    }

    private static Commerce Of(Random random)
    {
        var commerce = default(Commerce);
        for (var left = random.Next(30); left > 0; left--)
        {
            var at = Now - (long)(random.NextDouble() * 50 * Day);
            var source = Happened.Event(
                new[] { "view", "add_to_cart", "purchase" }[random.Next(3)], at, price: random.Next(4) == 0 ? double.NaN : random.NextDouble() * 500, quantity: 2);
            commerce.Fold(source, (uint)(at / 1000), Now);
        }

        return commerce;
    }

    private static Commerce Merged(Commerce left, Commerce right)
    {
        // Panes are shared by copies of the struct, so what is merged into is a copy of its own.
        var bytes = Bytes(left);
        var reader = new BytesReader(bytes);
        var merged = Commerce.Read(ref reader);
        merged.Merge(right, Now);
        return merged;
    }

    private static byte[] Bytes(Commerce commerce)
    {
        var output = new ArrayBufferWriter<byte>();
        commerce.Write(output, Now);
        return output.WrittenSpan.ToArray();
    }
}
