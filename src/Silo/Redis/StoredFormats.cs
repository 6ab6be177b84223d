using Personalization.Core.Decisions;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Core.Recommend;
using StackExchange.Redis;

namespace Personalization.Silo.Redis;

/// <summary>Which versions of its formats a service's state has been written in.</summary>
/// <remarks>
/// A silo that is older than its service would take everybody whom newer ones have stored for a stranger. It is told so before it joins;
/// those that run already see each such profile fail and leave it as it is.
/// </remarks>
internal static class StoredFormats
{
    private const string Claim = """
        for i = 1, #ARGV, 2 do
          local known = tonumber(redis.call('HGET', KEYS[1], ARGV[i]))
          if known and known > tonumber(ARGV[i + 1]) then return ARGV[i] .. ' ' .. known end
        end
        redis.call('HSET', KEYS[1], unpack(ARGV))
        return nil
        """;

    private static readonly (string Name, int Version)[] Ours =
    [
        ("profile", UserProfile.CodecVersion),
        ("statistics", ItemStatistics.CodecVersion),
        ("decision", DecisionCodec.Version),
        ("event", EventCodec.Version),
    ];

    /// <summary>Notes the versions that this silo writes, or finds that newer ones are noted.</summary>
    /// <exception cref="OptionException">A newer silo has been here.</exception>
    public static async Task ClaimAsync(IConnectionMultiplexer redis, SiloOptions options)
    {
        var arguments = Ours.SelectMany(format => new RedisValue[] { format.Name, format.Version }).ToArray();
        if ((string?)await redis.GetDatabase().ScriptEvaluateAsync(Claim, [$"{options.ServiceId}/format"], arguments) is { } newer)
        {
            throw new OptionException(
                $"The state of service {options.ServiceId} was written by a newer silo ({newer}), and this one reads "
                + $"{string.Join(", ", Ours.Select(format => $"{format.Name} {format.Version}"))}. Start that version, or another --service-id.");
        }
    }
}
