using System.Text;
using Personalization.Node.Storage;

namespace Personalization.Node.Tests.Storage;

public sealed class EventLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Checksums_are_Castagnoli()
    {
        // The check value of CRC-32C in the catalogue of parametrised CRC algorithms (reveng), and RFC 3720 B.4: 32 zeros.
        Assert.Equal(0xE3069283u, Crc32C.Finish(Crc32C.Update(Crc32C.Start, "123456789"u8)));
        Assert.Equal(0x8A9136AAu, Crc32C.Finish(Crc32C.Update(Crc32C.Start, new byte[32])));
    }

    [Fact]
    public void What_was_appended_is_read_back_in_order_after_reopening()
    {
        using (var log = Open())
        {
            Assert.Equal(1, log.NextPosition);
            Assert.Equal(1, log.Append(Parts("one ", "two"), 2));
            Assert.Equal(3, log.Append(Parts("three"), 1));
            Assert.Equal(4, log.Append([], 4));
        }

        using var again = Open();
        Assert.Equal(8, again.NextPosition);
        Assert.Equal(["1+2 one two", "3+1 three", "4+4 "], Read(again, 0));
    }

    [Fact]
    public void Parts_of_every_size_are_joined_without_loss()
    {
        // Around the limits of what is copied and what is written directly.
        var random = new Random(1);
        int[] sizes = [0, 1, 16383, 16384, 16385, 262143, 262144, 262145, 700_000, 5, .. Enumerable.Repeat(9000, 60)];
        ReadOnlyMemory<byte>[] parts = [.. sizes.Select(size =>
        {
            var bytes = new byte[size];
            random.NextBytes(bytes);
            return new ReadOnlyMemory<byte>(bytes);
        })];
        using var log = Open();
        log.Append(parts, parts.Length);

        var record = Assert.Single(log.ReadAfter(0));
        Assert.Equal(parts.SelectMany(part => part.ToArray()), record.Payload.ToArray());
    }

    [Fact]
    public void A_record_is_read_when_any_of_its_events_comes_after_the_position()
    {
        using var log = Open();
        log.Append(Parts("a"), 3);
        log.Append(Parts("b"), 3);

        Assert.Equal(["1+3 a", "4+3 b"], Read(log, 2));
        Assert.Equal(["4+3 b"], Read(log, 3));
        Assert.Equal(["4+3 b"], Read(log, 5));
        Assert.Empty(log.ReadAfter(6));
    }

    [Fact]
    public void Appending_goes_on_after_every_reopening()
    {
        for (var i = 1; i <= 5; i++)
        {
            using var log = Open();
            Assert.Equal(i, log.Append(Parts($"{i}"), 1));
        }

        using var last = Open();
        Assert.Equal(["1+1 1", "2+1 2", "3+1 3", "4+1 4", "5+1 5"], Read(last, 0));
    }

    [Fact]
    public void Positions_go_on_behind_the_checkpoint_when_the_log_is_lost()
    {
        using (var log = Open(durableThrough: 500))
        {
            Assert.Equal(501, log.NextPosition);
            Assert.Empty(log.ReadAfter(500));
            Assert.Equal(501, log.Append(Parts("x"), 1));
        }

        using var again = Open(durableThrough: 500);
        Assert.Equal(["501+1 x"], Read(again, 500));
    }

    [Fact]
    public void A_log_that_ends_before_the_checkpoint_goes_on_behind_it()
    {
        using (var log = Open())
        {
            log.Append(Parts("old"), 10);
        }

        using (var log = Open(durableThrough: 50))
        {
            Assert.Equal(51, log.Append(Parts("new"), 1));
        }

        using var again = Open(durableThrough: 50);
        Assert.Equal(["51+1 new"], Read(again, 50));
    }

    [Fact]
    public void A_torn_tail_is_cut_at_every_byte_of_the_last_record()
    {
        using (var log = Open())
        {
            log.Append(Parts("first"), 2);
            log.Append(Parts("the second, which is torn"), 3);
        }

        var whole = File.ReadAllBytes(Segment(1));
        var start = whole.Length - SegmentFormat.RecordHeaderLength - "the second, which is torn".Length;
        for (var length = start; length < whole.Length; length++)
        {
            File.WriteAllBytes(Segment(1), whole[..length]);
            using (var log = Open())
            {
                Assert.Equal(3, log.NextPosition);
                Assert.Equal(start, new FileInfo(Segment(1)).Length);
                Assert.Equal(["1+2 first"], Read(log, 0));
                Assert.Equal(3, log.Append(Parts("again"), 1));
            }

            using (var log = Open())
            {
                Assert.Equal(["1+2 first", "3+1 again"], Read(log, 0));
            }

            File.Delete(Segment(3));
        }
    }

    [Fact]
    public void A_tail_whose_bytes_are_not_those_written_is_cut()
    {
        using (var log = Open())
        {
            log.Append(Parts("first"), 2);
            log.Append(Parts("second"), 3);
        }

        var whole = File.ReadAllBytes(Segment(1));
        var start = whole.Length - SegmentFormat.RecordHeaderLength - "second".Length;
        for (var at = start; at < whole.Length; at++)
        {
            var torn = whole.ToArray();
            // What a file system may leave where a block was not written.
            torn.AsSpan(at).Clear();
            File.WriteAllBytes(Segment(1), torn);

            using var log = Open();
            Assert.Equal(["1+2 first"], Read(log, 0));
        }
    }

    [Fact]
    public void Every_flipped_bit_before_the_last_record_is_found()
    {
        using (var log = Open())
        {
            log.Append(Parts("first"), 2);
            log.Append(Parts("last"), 3);
        }

        var whole = File.ReadAllBytes(Segment(1));
        var last = whole.Length - SegmentFormat.RecordHeaderLength - "last".Length;
        for (var bit = 0; bit < last * 8; bit++)
        {
            var flipped = whole.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(Segment(1), flipped);

            var damage = Assert.Throws<StorageException>(() => Open().Dispose());
            Assert.Contains(Segment(1), damage.Message, StringComparison.Ordinal);
            Assert.Equal(flipped, File.ReadAllBytes(Segment(1)));
        }
    }

    [Fact]
    public void Damage_in_an_older_segment_names_file_byte_and_events()
    {
        FillThreeSegments();
        Flip(Segment(3), SegmentFormat.SegmentHeaderLength + SegmentFormat.RecordHeaderLength);

        using var log = Open();
        var damage = Assert.Throws<StorageException>(() => Read(log, 0));

        Assert.Contains($"'{Segment(3)}' is damaged at byte {SegmentFormat.SegmentHeaderLength}: events 3 to 4 ", damage.Message,
            StringComparison.Ordinal);
        Assert.Contains("00000000000000000003.salvage", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_loses_nothing_where_a_checkpoint_holds_the_events()
    {
        FillThreeSegments();
        Flip(Segment(3), SegmentFormat.SegmentHeaderLength + SegmentFormat.RecordHeaderLength);

        using var log = Open(durableThrough: 4);
        Assert.Equal(["5+2 three"], Read(log, 4));
    }

    [Fact]
    public void A_cut_off_end_of_an_older_segment_is_damage_and_no_torn_tail()
    {
        FillThreeSegments();
        File.WriteAllBytes(Segment(1), File.ReadAllBytes(Segment(1))[..^1]);

        using var log = Open();
        Assert.Contains("events 1 to 2 ", Assert.Throws<StorageException>(() => Read(log, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_renamed_to_salvage_gives_up_what_cannot_be_read_and_no_more()
    {
        using (var log = Open())
        {
            for (var i = 1; i <= 5; i++)
            {
                log.Append(Parts($"record {i}"), 1);
            }
        }

        var record = SegmentFormat.RecordHeaderLength + "record 1".Length;
        Flip(Segment(1), SegmentFormat.SegmentHeaderLength + record + 4);
        Assert.Contains("events 2 to 2 ", Assert.Throws<StorageException>(() => Open().Dispose()).Message, StringComparison.Ordinal);

        File.Move(Segment(1), Path.ChangeExtension(Segment(1), ".salvage"));
        string[] kept = ["1+1 record 1", "3+1 record 3", "4+1 record 4", "5+1 record 5"];
        using (var log = Open())
        {
            Assert.Equal(kept, Read(log, 0));
            Assert.Equal(6, log.Append(Parts("record 6"), 1));
        }

        using var again = Open();
        Assert.Equal([.. kept, "6+1 record 6"], Read(again, 0));
    }

    [Theory]
    [InlineData(1, "Events 1 to 2 are missing")]
    [InlineData(3, "Events 3 to 4 are missing")]
    public void A_missing_segment_is_a_gap_until_an_empty_salvage_file_gives_it_up(int first, string message)
    {
        FillThreeSegments();
        File.Delete(Segment(first));
        using (var log = Open())
        {
            var gap = Assert.Throws<StorageException>(() => Read(log, 0));
            Assert.Contains(message, gap.Message, StringComparison.Ordinal);
            Assert.Contains($"0000000000000000000{first}.salvage", gap.Message, StringComparison.Ordinal);
        }

        File.WriteAllBytes(Path.ChangeExtension(Segment(first), ".salvage"), []);
        using var again = Open();
        Assert.Equal(first == 1 ? ["3+2 two", "5+2 three"] : ["1+2 one", "5+2 three"], Read(again, 0));
    }

    [Fact]
    public void A_segment_under_another_name_is_refused()
    {
        FillThreeSegments();
        File.Move(Segment(5), Segment(7));

        var refused = Assert.Throws<StorageException>(() => Open().Dispose());
        Assert.Contains("named for position 7 but begins with 5", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_copied_from_another_segment_is_no_record()
    {
        using (var log = Open(segmentBytes: 1))
        {
            log.Append(Parts("one"), 1);
            log.Append(Parts("two"), 1);
        }

        // Behind the record of segment 1, the record of segment 2 with its own checksum: only the salt tells.
        using (var target = new FileStream(Segment(1), FileMode.Append))
        {
            target.Write(File.ReadAllBytes(Segment(2)).AsSpan(SegmentFormat.SegmentHeaderLength));
        }

        File.Delete(Segment(2));
        using var again = Open();
        Assert.Equal(["1+1 one"], Read(again, 0));
    }

    [Fact]
    public void What_a_failed_append_left_behind_gives_way_to_the_segment_that_took_its_positions()
    {
        using (var log = Open())
        {
            log.Append(Parts("one"), 1);
            log.Append(Parts("never acknowledged"), 5);
        }

        var left = File.ReadAllBytes(Segment(1));
        File.WriteAllBytes(Segment(1), left[..(SegmentFormat.SegmentHeaderLength + SegmentFormat.RecordHeaderLength + 3)]);
        using (var log = Open())
        {
            log.Append(Parts("acknowledged"), 1);
        }

        // As if cutting the first segment had never reached the disk.
        File.WriteAllBytes(Segment(1), left);
        using var again = Open();
        Assert.Equal(["1+1 one", "2+1 acknowledged"], Read(again, 0));
    }

    [Fact]
    public void An_unfinished_new_segment_is_swept_away()
    {
        File.WriteAllText(_folder["00000000000000000001.log.new"], "PERS");
        File.WriteAllText(_folder["notes.txt"], "mine");

        using var log = Open();

        Assert.Equal(1, log.NextPosition);
        Assert.Equal(["notes.txt"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Segments_are_begun_when_full_and_dropped_whole()
    {
        using var log = Open(segmentBytes: 100);
        for (var i = 0; i < 6; i++)
        {
            log.Append(Parts(new string('x', 30)), 10);
        }

        Assert.Equal([Segment(1), Segment(21), Segment(41)], Directory.GetFiles(_folder.Path).Order());
        Assert.Equal(Directory.GetFiles(_folder.Path).Sum(file => new FileInfo(file).Length), log.Bytes);

        log.DropThrough(39);
        Assert.Equal(21, log.FirstPosition);
        log.DropThrough(40);
        Assert.Equal(41, log.FirstPosition);
        Assert.Equal([Segment(41)], Directory.GetFiles(_folder.Path));

        log.DropThrough(60);
        Assert.Equal([Segment(41)], Directory.GetFiles(_folder.Path));

        log.Roll();
        log.DropThrough(60);
        Assert.Empty(Directory.GetFiles(_folder.Path));
        Assert.Equal(0, log.Bytes);
        Assert.Equal(61, log.FirstPosition);
        Assert.Equal(61, log.Append(Parts("next"), 1));
    }

    [MountFact]
    public void A_full_disk_refuses_an_append_leaves_nothing_of_it_and_works_once_space_is_back()
    {
        using var disk = new SmallDisk("512k");
        using (var log = EventLog.Open(disk["log"], new EventLogOptions(), 0))
        {
            log.Append(Parts("before"), 2);
            var filler = disk.Fill();

            for (var i = 0; i < 3; i++)
            {
                var refused = Assert.Throws<StorageUnavailableException>(() => log.Append(Parts(new string('x', 100_000)), 5));
                Assert.Contains(disk["log"], refused.Message, StringComparison.Ordinal);
                Assert.Equal(3, log.NextPosition);
                Assert.Equal(["1+2 before"], Read(log, 0));
            }

            File.Delete(filler);
            Assert.Equal(3, log.Append(Parts("after"), 1));
        }

        using var again = EventLog.Open(disk["log"], new EventLogOptions(), 0);
        Assert.Equal(["1+2 before", "3+1 after"], Read(again, 0));
    }

    [MountFact]
    public void A_disk_that_fills_in_the_middle_of_a_record_keeps_no_half_of_it()
    {
        using var disk = new SmallDisk("512k");
        using var log = EventLog.Open(disk["log"], new EventLogOptions(), 0);
        log.Append(Parts("before"), 1);
        var size = log.Bytes;

        Assert.Throws<StorageUnavailableException>(() => log.Append([new byte[200_000], new byte[200_000], new byte[200_000]], 1));

        Assert.Equal(size, log.Bytes);
        Assert.Equal(size, Directory.GetFiles(disk["log"]).Sum(file => new FileInfo(file).Length));
        Assert.Equal(2, log.Append(Parts("after"), 1));
    }

    [Fact]
    public void After_a_failed_flush_the_record_is_gone_and_its_file_is_not_written_again()
    {
        var failing = false;
        var options = new EventLogOptions
        {
            Flush = handle =>
            {
                if (failing)
                {
                    throw new IOException("Input/output error");
                }

                RandomAccess.FlushToDisk(handle);
            },
        };
        using (var log = EventLog.Open(_folder.Path, options, 0))
        {
            log.Append(Parts("one"), 1);
            var size = new FileInfo(Segment(1)).Length;

            failing = true;
            Assert.Throws<StorageUnavailableException>(() => log.Append(Parts("lost"), 7));
            Assert.Throws<StorageUnavailableException>(() => log.Append(Parts("lost"), 7));
            Assert.Equal([Segment(1)], Directory.GetFiles(_folder.Path));

            failing = false;
            Assert.Equal(2, log.Append(Parts("two"), 1));
            Assert.Equal(size, new FileInfo(Segment(1)).Length);
            Assert.True(File.Exists(Segment(2)));
        }

        using var again = Open();
        Assert.Equal(["1+1 one", "2+1 two"], Read(again, 0));
    }

    [Fact]
    public void A_failure_in_the_first_record_of_a_segment_leaves_no_segment()
    {
        var flushes = 0;
        var options = new EventLogOptions
        {
            // The first makes the segment's header durable, the second would have made the record so.
            Flush = _ =>
            {
                if (++flushes == 2)
                {
                    throw new IOException("Input/output error");
                }
            },
        };
        using var log = EventLog.Open(_folder.Path, options, 0);

        Assert.Throws<StorageUnavailableException>(() => log.Append(Parts("lost"), 1));
        Assert.Empty(Directory.GetFiles(_folder.Path));
        Assert.Equal(0, log.Bytes);
        Assert.Equal(1, log.Append(Parts("one"), 1));
        Assert.Equal(["1+1 one"], Read(log, 0));
    }

    [Fact]
    public void Appending_allocates_nothing_for_each_record_or_part()
    {
        using var log = EventLog.Open(_folder.Path, new EventLogOptions { Flush = _ => { } }, 0);
        ReadOnlyMemory<byte>[] parts = [.. Enumerable.Range(0, 1000).Select(_ => new ReadOnlyMemory<byte>(new byte[300]))];
        log.Append(parts, 1000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
        {
            log.Append(parts, 1000);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20 * 256);
    }

    private EventLog Open(long durableThrough = 0, long segmentBytes = 64 << 20) =>
        EventLog.Open(_folder.Path, new EventLogOptions { SegmentBytes = segmentBytes }, durableThrough);

    private void FillThreeSegments()
    {
        using var log = Open(segmentBytes: 1);
        log.Append(Parts("one"), 2);
        log.Append(Parts("two"), 2);
        log.Append(Parts("three"), 2);
    }

    private string Segment(long first) => SegmentFile.LogPath(_folder.Path, first);

    private static void Flip(string file, int at)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[at] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    private static ReadOnlyMemory<byte>[] Parts(params string[] parts) =>
        [.. parts.Select(part => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(part)))];

    private static string[] Read(EventLog log, long after) =>
        [.. log.ReadAfter(after).Select(record => $"{record.FirstPosition}+{record.Count} {Encoding.UTF8.GetString(record.Payload.Span)}")];
}
