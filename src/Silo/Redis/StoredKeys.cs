using System.Security.Cryptography;
using Personalization.Core.Privacy.Encryption;
using StackExchange.Redis;

namespace Personalization.Silo.Redis;

/// <summary>Reads the key ring, and holds a silo to the keys that the service's profiles are encrypted with.</summary>
internal static class StoredKeys
{
    private const string Proof = "proof";

    /// <summary>Makes the cipher; without a file nothing is encrypted.</summary>
    /// <exception cref="OptionException">The file can't be used, or lacks a key that profiles are encrypted with.</exception>
    public static async Task<ProfileCipher> OpenAsync(IConnectionMultiplexer redis, SiloOptions options)
    {
        var cipher = new ProfileCipher(options.KeyFile is { } file ? Read(file) : KeyRing.Empty, RandomNumberGenerator.Fill);
        RedisKey noted = $"{options.ServiceId}/profile-keys";
        foreach (var entry in await redis.GetDatabase().HashGetAllAsync(noted))
        {
            try
            {
                cipher.Open(Proof, (byte[])entry.Value!);
            }
            catch (SealedException exception)
            {
                throw new OptionException(
                    $"--key-file: profiles of service {options.ServiceId} are encrypted with key \"{entry.Name}\". {exception.Message} Nothing was changed.");
            }
        }

        if (cipher.Ring.Current is { } current)
        {
            await redis.GetDatabase().HashSetAsync(noted, current, cipher.Seal(Proof, RandomNumberGenerator.GetBytes(16)), When.NotExists);
        }

        return cipher;
    }

    private static KeyRing Read(string file)
    {
        try
        {
            return KeyRing.Parse(File.ReadAllBytes(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new OptionException($"--key-file '{file}' can't be used: {exception.Message.TrimEnd('.')}.");
        }
    }
}
