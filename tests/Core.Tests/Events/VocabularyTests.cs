namespace Personalization.Core.Tests.Events;

public sealed class VocabularyTests
{
    [Fact]
    public void Words_are_numbered_densely_from_0_and_once()
    {
        var words = new Vocabulary();

        Assert.Equal([0, 1, 0, 2], new[] { "a", "b", "a", "A" }.Select(words.Number));
        Assert.Equal(("a", "b", "A", 3), (words[0], words[1], words[2], words.Count));
        Assert.Equal((1, -1), (words.Find("b"), words.Find("c")));
    }

    [Fact]
    public void A_full_vocabulary_still_knows_its_words_and_takes_no_more()
    {
        var words = new Vocabulary(capacity: 2);
        words.Number("a");
        words.Number("b");

        Assert.Equal((-1, 1, 2), (words.Number("c"), words.Number("b"), words.Count));
    }

    [Fact]
    public void Threads_that_number_the_same_words_agree()
    {
        var words = new Vocabulary();
        var numbered = new int[4][];
        Parallel.For(0, numbered.Length, thread =>
        {
            var order = Enumerable.Range(0, 20_000).ToArray();
            new Random(thread).Shuffle(order);
            numbered[thread] = new int[order.Length];
            foreach (var word in order)
            {
                var number = words.Number($"word{word}");
                numbered[thread][word] = number;
                Assert.Equal($"word{word}", words[number]);
            }
        });

        Assert.All(numbered, other => Assert.Equal(numbered[0], other));
        Assert.Equal(Enumerable.Range(0, 20_000), numbered[0].Order());
    }
}
