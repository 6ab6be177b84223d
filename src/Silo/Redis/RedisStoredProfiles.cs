using Personalization.Grains.Retention;
using StackExchange.Redis;

namespace Personalization.Silo.Redis;

/// <summary>Reads the profiles that Orleans' grain storage wrote, by <c>SCAN</c>: never many keys at once, and no list of people anywhere.</summary>
internal sealed class RedisStoredProfiles(IConnectionMultiplexer redis, SiloOptions options) : IStoredProfiles
{
    private const int SliceKeys = 200;
    private const string Suffix = "/profile";

    private readonly string _prefix = $"{options.ServiceId}/state/userprofile/";

    public async ValueTask<StoredProfiles> ReadAsync(string? cursor)
    {
        var database = redis.GetDatabase();
        var answer = (RedisResult[])(await database.ExecuteAsync("SCAN", cursor ?? "0", "MATCH", $"{Escaped(_prefix)}*{Suffix}", "COUNT", SliceKeys))!;
        var keys = (string[])answer[1]!;
        var states = await Task.WhenAll(keys.Select(key => database.HashGetAsync(key, "data")));
        var profiles = keys.Zip(states)
            .Where(stored => !stored.Second.IsNullOrEmpty)
            .Select(stored => (stored.First[_prefix.Length..^Suffix.Length], (byte[])stored.Second!));
        return new StoredProfiles([.. profiles], (string)answer[0]! is var next and not "0" ? next : null);
    }

    // A service may be named with what patterns use.
    private static string Escaped(string text) => string.Concat(text.Select(letter => letter is '*' or '?' or '[' or ']' or '\\' or '^' or '-' ? $"\\{letter}" : $"{letter}"));
}
