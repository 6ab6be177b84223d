using System.Text.Json;

namespace Personalization.Core.Privacy.Encryption;

/// <summary>The keys that profiles are encrypted with at rest: one for what is written now, the others for what was written before.</summary>
/// <remarks>
/// <c>{"current":"2026-05","keys":{"2026-05":"…","2026-04":"…"}}</c>: 256-bit keys in base 64. With <c>"current":null</c> nothing new is
/// encrypted, which is the way back.
/// </remarks>
public sealed class KeyRing
{
    /// <summary>How many bytes a key has.</summary>
    public const int KeyLength = 32;

    /// <summary>The most characters of a key's id.</summary>
    public const int MostIdLength = 64;

    private readonly Dictionary<string, byte[]> _keys;

    private KeyRing(string? current, Dictionary<string, byte[]> keys)
    {
        Current = current;
        _keys = keys;
    }

    /// <summary>A ring without keys: nothing is encrypted.</summary>
    public static readonly KeyRing Empty = new(null, []);

    /// <summary>Gets the id of the key for what is written now; null where nothing is to be encrypted.</summary>
    public string? Current { get; }

    /// <summary>Gets the ids of all keys.</summary>
    public IReadOnlyCollection<string> Ids => _keys.Keys;

    /// <summary>Finds a key.</summary>
    public bool TryFind(string id, out ReadOnlySpan<byte> key)
    {
        var found = _keys.TryGetValue(id, out var bytes);
        key = bytes;
        return found;
    }

    /// <summary>Reads a ring.</summary>
    /// <exception cref="InvalidDataException">It is none; the message says what is wrong, and shows no key.</exception>
    public static KeyRing Parse(ReadOnlySpan<byte> utf8)
    {
        JsonElement root;
        try
        {
            root = JsonElement.Parse(utf8);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"It is not JSON (line {fault.LineNumber + 1}).");
        }

        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("keys", out var listed) || listed.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException("It is no key ring: {\"current\":\"ID\",\"keys\":{\"ID\":\"256 bits in base 64\"}}.");
        }

        var keys = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var entry in listed.EnumerateObject())
        {
            if (entry.Name.Length is 0 or > MostIdLength)
            {
                throw new InvalidDataException($"The id of a key has 1 to {MostIdLength} characters.");
            }

            if (entry.Value.ValueKind != JsonValueKind.String || !entry.Value.TryGetBytesFromBase64(out var key) || key.Length != KeyLength)
            {
                throw new InvalidDataException($"Key \"{entry.Name}\" is not {KeyLength} bytes in base 64.");
            }

            keys[entry.Name] = key;
        }

        var current = root.TryGetProperty("current", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        return current is null || keys.ContainsKey(current)
            ? new KeyRing(current, keys)
            : throw new InvalidDataException($"\"current\" names key \"{current}\", which is not among the keys.");
    }
}
