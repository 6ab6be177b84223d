using System.Globalization;
using Personalization.Core.Segments;
using Personalization.Grains.Segments;
using StackExchange.Redis;

namespace Personalization.Silo.Redis;

/// <summary>Who is in which segment, in Redis: sets of members, a hash for each person, a sorted set of who is due, and a stream as journal.</summary>
/// <remarks>All keys have one hash tag, so that a script may touch several of them also where Redis is a cluster.</remarks>
internal sealed class RedisSegmentStore(IConnectionMultiplexer redis, SiloOptions options) : ISegmentStore
{
    private const int MostJournal = 100_000;
    private const string Start = "0-0";

    // Numbers by id, fingerprints by id, ids to be asked of everybody, numbers of the deleted, journal; then revision, time, bound, and
    // id and fingerprint of each segment. Only a newer revision than the last one changes anything.
    private const string Adopting = """
        local known = redis.call('HGET', KEYS[1], '$revision')
        if not known or tonumber(known) < tonumber(ARGV[1]) then
          local wanted, begin = {}, false
          for i = 4, #ARGV, 2 do
            local id, print = ARGV[i], ARGV[i + 1]
            wanted[id] = true
            if not redis.call('HGET', KEYS[1], id) then redis.call('HSET', KEYS[1], id, redis.call('HINCRBY', KEYS[1], '$last', 1)) end
            if redis.call('HGET', KEYS[2], id) ~= print then
              redis.call('HSET', KEYS[2], id, print)
              redis.call('SADD', KEYS[3], id)
              begin = true
            end
          end
          for _, id in ipairs(redis.call('HKEYS', KEYS[2])) do
            if not wanted[id] then
              redis.call('SADD', KEYS[4], redis.call('HGET', KEYS[1], id))
              redis.call('HDEL', KEYS[1], id)
              redis.call('HDEL', KEYS[2], id)
              redis.call('SREM', KEYS[3], id)
              redis.call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[3], '*', 'kind', '2', 'segment', id, 'at', ARGV[2])
            end
          end
          if begin then redis.call('HSET', KEYS[1], '$backfill', ARGV[1], '$cursor', '0') end
          redis.call('HSET', KEYS[1], '$revision', ARGV[1])
        end
        return redis.call('HGETALL', KEYS[1])
        """;

    // The person's segments, all people, who is due, journal, then the members of the segment of each change; person, due, bound, then
    // number, whether entered, id and time of each change.
    private const string Writing = """
        redis.call('SADD', KEYS[2], ARGV[1])
        if ARGV[2] == '0' then redis.call('ZREM', KEYS[3], ARGV[1]) else redis.call('ZADD', KEYS[3], ARGV[2], ARGV[1]) end
        for i = 5, #KEYS do
          local a = 4 + (i - 5) * 4
          local changed
          if ARGV[a + 1] == '1' then
            changed = redis.call('HSETNX', KEYS[1], ARGV[a], math.floor(tonumber(ARGV[a + 3]) / 1000))
            redis.call('SADD', KEYS[i], ARGV[1])
          else
            changed = redis.call('HDEL', KEYS[1], ARGV[a])
            redis.call('SREM', KEYS[i], ARGV[1])
          end
          if changed == 1 then
            redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[3], '*',
              'kind', 1 - tonumber(ARGV[a + 1]), 'segment', ARGV[a + 2], 'person', ARGV[1], 'at', ARGV[a + 3])
          end
        end
        """;

    private const string Progressing = """
        if redis.call('HGET', KEYS[1], '$backfill') ~= ARGV[1] then return end
        if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], '$cursor', ARGV[2]) return end
        redis.call('HDEL', KEYS[1], '$backfill', '$cursor')
        redis.call('DEL', KEYS[2])
        """;

    // Redis only marks deleted entries of a stream and keeps their bytes, so where there are any the others are written anew.
    private const string Forgetting = """
        local people, kept, found = {}, {}, false
        for _, person in ipairs(ARGV) do people[person] = true end
        for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do
          local theirs = false
          for i = 1, #entry[2], 2 do theirs = theirs or (entry[2][i] == 'person' and people[entry[2][i + 1]] == true) end
          if theirs then found = true else kept[#kept + 1] = entry end
        end
        if not found then return end
        redis.call('DEL', KEYS[1])
        for _, entry in ipairs(kept) do redis.call('XADD', KEYS[1], entry[1], unpack(entry[2])) end
        """;

    private IDatabase Database => redis.GetDatabase();

    public async ValueTask<IReadOnlyDictionary<string, int>> AdoptAsync(long revision, IReadOnlyList<SegmentDefinition> segments, long at)
    {
        RedisValue[] arguments =
        [
            revision, at, MostJournal,
            .. segments.SelectMany(segment => (RedisValue[])[segment.Id, segment.Fingerprint.ToString("x", CultureInfo.InvariantCulture)]),
        ];
        var kept = (RedisValue[])(await Database.ScriptEvaluateAsync(
            Adopting, [Key("numbers"), Key("fingerprints"), Key("pending"), Key("deleted"), Key("journal")], arguments))!;

        // What begins with a dollar sign is bookkeeping: ids begin with a letter or digit.
        return kept.Chunk(2).Where(pair => !((string)pair[0]!).StartsWith('$')).ToDictionary(
            pair => (string)pair[0]!, pair => (int)pair[1], StringComparer.Ordinal);
    }

    public async ValueTask<(int Number, bool IsPending)?> FindAsync(string id)
    {
        var number = id.StartsWith('$') ? RedisValue.Null : await Database.HashGetAsync(Key("numbers"), id);
        return number.IsNull ? null : ((int)number, await Database.SetContainsAsync(Key("pending"), id));
    }

    public async ValueTask<Memberships> ReadMembershipsAsync(string person)
    {
        var memberships = default(Memberships);
        foreach (var entry in await Database.HashGetAllAsync(Key($"of/{person}")))
        {
            memberships.Set((int)entry.Name, member: true, (uint)entry.Value);
        }

        return memberships;
    }

    public async ValueTask WriteAsync(string person, IReadOnlyList<(string Segment, SegmentFlip Flip)> changes, long due)
    {
        RedisKey[] keys =
        [
            Key($"of/{person}"), Key("people"), Key("due"), Key("journal"), .. changes.Select(change => Members(change.Flip.Segment)),
        ];
        RedisValue[] arguments =
        [
            person, due, MostJournal,
            .. changes.SelectMany(change => (RedisValue[])[change.Flip.Segment, change.Flip.Entered ? 1 : 0, change.Segment, change.Flip.At]),
        ];
        await Database.ScriptEvaluateAsync(Writing, keys, arguments);
    }

    public async ValueTask ForgetAsync(IReadOnlyCollection<string> people)
    {
        RedisValue[] names = [.. people.Select(person => (RedisValue)person)];
        foreach (var person in people)
        {
            foreach (var entry in await Database.HashGetAllAsync(Key($"of/{person}")))
            {
                await Database.SetRemoveAsync(Members((int)entry.Name), person);
            }

            await Database.KeyDeleteAsync(Key($"of/{person}"));
        }

        await Database.SetRemoveAsync(Key("people"), names);
        await Database.SortedSetRemoveAsync(Key("due"), names);
        await Database.ScriptEvaluateAsync(Forgetting, [Key("journal")], names);
    }

    public async ValueTask<IReadOnlyList<string>> ReadDueAsync(long now, int most) =>
        [.. (await Database.SortedSetRangeByScoreAsync(Key("due"), stop: now, take: most)).Select(person => (string)person!)];

    public async ValueTask<(long Revision, string Cursor)?> ReadBackfillAsync()
    {
        var found = await Database.HashGetAsync(Key("numbers"), [(RedisValue)"$backfill", "$cursor"]);
        return found[0].IsNull ? null : ((long)found[0], (string)found[1]!);
    }

    public async ValueTask<(IReadOnlyList<string> People, string Next)> ScanPeopleAsync(string cursor, int some)
    {
        var found = (RedisResult[])(await Database.ExecuteAsync("SSCAN", Key("people"), cursor, "COUNT", some))!;
        var next = (string)found[0]!;
        return ([.. ((string[])found[1]!)], next == "0" ? "" : next);
    }

    public async ValueTask WriteBackfillAsync(long revision, string cursor) =>
        await Database.ScriptEvaluateAsync(Progressing, [Key("numbers"), Key("pending")], [revision, cursor]);

    public async ValueTask<bool> ClearDeletedAsync(int most)
    {
        var deleted = await Database.SetMembersAsync(Key("deleted"));
        foreach (var number in deleted)
        {
            var members = await Database.SetPopAsync(Members((int)number), most);
            await Task.WhenAll(members.Select(person => Database.HashDeleteAsync(Key($"of/{person}"), number)));
            if (members.Length < most)
            {
                await Database.SetRemoveAsync(Key("deleted"), number);
            }
        }

        return deleted.Length > 0;
    }

    public async ValueTask<long> CountPeopleAsync() => await Database.SetLengthAsync(Key("people"));

    public ValueTask<IReadOnlyList<string>> DrawPeopleAsync(int count) => DrawAsync(Key("people"), count);

    public async ValueTask<long> CountInAllAsync(IReadOnlyList<int> segments) =>
        segments is [var only] ? await Database.SetLengthAsync(Members(only)) : await Database.SetIntersectionLengthAsync([.. segments.Select(Members)]);

    public ValueTask<IReadOnlyList<string>> DrawMembersAsync(int segment, int count) => DrawAsync(Members(segment), count);

    public async ValueTask<(IReadOnlyList<SegmentChange> Changes, bool Missed)> ReadChangesAsync(string after, int most)
    {
        Check(after);
        var entries = await Database.StreamRangeAsync(Key("journal"), $"({after}", "+", most);
        return ([.. entries.Select(ChangeOf)], await IsMissedAsync(after));
    }

    public async ValueTask<string> LastChangeAsync()
    {
        var last = await Database.StreamRangeAsync(Key("journal"), "-", "+", 1, Order.Descending);
        return last is [var entry] ? entry.Id! : Start;
    }

    // Whatever is before the oldest entry that is kept was dropped, unless nothing ever was.
    private async Task<bool> IsMissedAsync(string after)
    {
        if (after == Start)
        {
            return await Database.StreamLengthAsync(Key("journal")) >= MostJournal;
        }

        return await Database.StreamRangeAsync(Key("journal"), "-", "+", 1) is [var oldest] && IsBefore(after, oldest.Id!);
    }

    private static bool IsBefore(string left, string right)
    {
        var (a, b) = (Check(left), Check(right));
        return a.Time < b.Time || (a.Time == b.Time && a.Number < b.Number);
    }

    private static (ulong Time, ulong Number) Check(string place)
    {
        var dash = place.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && ulong.TryParse(place.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            && ulong.TryParse(place.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (time, number)
            : throw new FormatException("This is no place of this server's journal.");
    }

    private static SegmentChange ChangeOf(StreamEntry entry) => new(
        entry.Id!,
        (SegmentChangeKind)(int)entry["kind"],
        (string)entry["segment"]!,
        (string?)entry["person"],
        DateTimeOffset.FromUnixTimeMilliseconds((long)entry["at"]));

    private async ValueTask<IReadOnlyList<string>> DrawAsync(RedisKey set, int count)
    {
        var drawn = (await Database.SetRandomMembersAsync(set, count)).Select(person => (string)person!).ToArray();
        Random.Shared.Shuffle(drawn);
        return drawn;
    }

    private RedisKey Members(int segment) => Key(string.Create(CultureInfo.InvariantCulture, $"members/{segment}"));

    private RedisKey Key(string name) => $"{{{options.ServiceId}/segments}}/{name}";
}
