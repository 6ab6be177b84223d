using System.Buffers;
using Personalization.Core.Recommend;
using Personalization.Core.Tests.Events;

namespace Personalization.Core.Tests.Recommend;

public sealed class ItemStatisticsTests
{
    [Fact]
    public void Statistics_are_read_as_they_were_written_by_a_process_that_numbers_words_otherwise()
    {
        var lessons = Taught();
        var bytes = Write(lessons.Knowledge.Find(lessons.Words.Find("A"))!, lessons.Words);
        var words = new Vocabulary();
        words.Number("another word");
        var read = ItemStatistics.Read(words.Number("A"), bytes, words);

        Assert.Equal(bytes, Write(read, words));
        Assert.Equal(lessons.Successors("A"), read.Successors(words).ToArray().Select(next => (words[next.Item], next.Probability)));

        var knowledge = new ItemKnowledge(words);
        knowledge.Restore(read);
        knowledge.Refresh(Lessons.Catalog(words, "A"));
        Assert.Equal(1, knowledge.Popular.Items[0].Score);
        Assert.Equal(lessons.Successors("A").Length, knowledge.Successors(words.Find("A")).Length);
    }

    [Fact]
    public void Of_a_full_vocabulary_known_successors_are_read()
    {
        var lessons = Taught();
        var bytes = Write(lessons.Knowledge.Find(lessons.Words.Find("A"))!, lessons.Words);
        var words = new Vocabulary(capacity: 3);

        var read = ItemStatistics.Read(words.Number("A"), bytes, words);

        Assert.Equal(2, read.Successors(words).Length);
    }

    [Fact]
    public void Bytes_that_end_early_or_are_newer_are_refused()
    {
        var lessons = Taught();
        var bytes = Write(lessons.Knowledge.Find(lessons.Words.Find("A"))!, lessons.Words);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => ItemStatistics.Read(0, bytes.AsSpan(0, length), new Vocabulary()));
        }

        bytes[0] = 2;
        Assert.Contains("version 2", Assert.Throws<InvalidDataException>(() => ItemStatistics.Read(0, bytes, new Vocabulary())).Message);
    }

    private static Lessons Taught()
    {
        var lessons = new Lessons().Learn(Happened.Monday, null, "A");
        for (var i = 0; i < 30; i++)
        {
            lessons.Learn(Happened.Monday + (i * 1000 * 86_400), "A", $"next{i * 7 % 30}");
        }

        return lessons.Merge("A");
    }

    private static byte[] Write(ItemStatistics statistics, Vocabulary words)
    {
        var output = new ArrayBufferWriter<byte>();
        statistics.Write(output, words);
        return output.WrittenSpan.ToArray();
    }
}
