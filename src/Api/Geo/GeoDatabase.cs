using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;

namespace Personalization.Api.Geo;

/// <summary>Tells the country of an address from a MaxMind DB file, such as GeoLite2-Country.mmdb. Read once, whole, and checked whole.</summary>
/// <remarks>
/// Source: MaxMind DB File Format Specification 2.0 (https://maxmind.github.io/MaxMind-DB/). The country is <c>country.iso_code</c>, else
/// <c>registered_country.iso_code</c>, else a text <c>country_code</c> or <c>country</c>, as other makers of such files have it.
/// </remarks>
public sealed class GeoDatabase
{
    private const int SeparatorBytes = 16;
    private const int MetadataBytes = 128 * 1024;

    private readonly byte[] _tree;
    private readonly int _recordBits;
    private readonly int _nodes;
    private readonly bool _isIPv6;
    private readonly FrozenDictionary<int, string> _countries;
    private readonly int _startOfIPv4;

    private static readonly byte[] MarkerBytes = [0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8];

    private GeoDatabase(byte[] tree, int recordBits, int nodes, bool isIPv6, FrozenDictionary<int, string> countries)
    {
        _tree = tree;
        _recordBits = recordBits;
        _nodes = nodes;
        _isIPv6 = isIPv6;
        _countries = countries;
        for (var depth = 0; isIPv6 && depth < 96 && _startOfIPv4 < nodes; depth++)
        {
            _startOfIPv4 = Record(_startOfIPv4, 0);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="GeoDatabaseException">It can't be read, is no such file, or is damaged.</exception>
    public static GeoDatabase Open(string path)
    {
        try
        {
            return Read(File.ReadAllBytes(path));
        }
        catch (InvalidDataException damage)
        {
            throw new GeoDatabaseException($"{path}: {damage.Message}", damage);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GeoDatabaseException($"{path} can't be read: {exception.Message}", exception);
        }
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <exception cref="InvalidDataException">They are no MaxMind DB, or a damaged one.</exception>
    public static GeoDatabase Read(ReadOnlyMemory<byte> file)
    {
        var end = Math.Max(0, file.Length - MetadataBytes);
        var marker = file.Span[end..].LastIndexOf(MarkerBytes);
        if (marker < 0)
        {
            throw new InvalidDataException("The file is no MaxMind DB, or its end is missing: it has no metadata.");
        }

        var metadataAt = end + marker + MarkerBytes.Length;
        var metadata = new MmdbData(file[metadataAt..]);
        metadata.Skip(0, 0);
        var version = Required(metadata, "binary_format_major_version");
        var bits = Required(metadata, "record_size");
        var nodes = Required(metadata, "node_count");
        var ip = Required(metadata, "ip_version");
        if (version != 2)
        {
            throw new InvalidDataException($"The file has format version {version}; this program reads version 2.");
        }

        if (bits is not (24 or 28 or 32) || ip is not (4 or 6))
        {
            throw new InvalidDataException($"The file is damaged: records of {bits} bits for addresses of version {ip} are none.");
        }

        var treeBytes = nodes * bits / 4;
        var dataBytes = metadataAt - MarkerBytes.Length - (long)treeBytes - SeparatorBytes;
        if (nodes > int.MaxValue || treeBytes > int.MaxValue || dataBytes < 0
            || file.Span.Slice((int)treeBytes, SeparatorBytes).ContainsAnyExcept((byte)0))
        {
            throw new InvalidDataException($"The file is damaged: it is too short for a tree of {nodes} nodes, or the tree does not end where it should.");
        }

        var tree = file[..(int)treeBytes].ToArray();
        var section = new MmdbData(file.Slice((int)treeBytes + SeparatorBytes, (int)dataBytes));
        return new GeoDatabase(tree, (int)bits, (int)nodes, ip == 6, Countries(tree, (int)bits, (int)nodes, section, dataBytes));
    }

    /// <summary>Finds the country of an address, as ISO 3166-1 tells it; null where the file knows none.</summary>
    public string? CountryOf(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var isIPv4 = plain.AddressFamily == AddressFamily.InterNetwork;
        if (!isIPv4 && !_isIPv6)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        plain.TryWriteBytes(bytes, out var length);
        var node = isIPv4 ? _startOfIPv4 : 0;
        for (var bit = 0; bit < length * 8 && node < _nodes; bit++)
        {
            node = Record(node, (bytes[bit >> 3] >> (7 - (bit & 7))) & 1);
        }

        return node > _nodes ? _countries.GetValueOrDefault(node) : null;
    }

    /// <summary>Reads what every record of the tree leads to, once each, so that damage shows now and not to a visitor.</summary>
    private static FrozenDictionary<int, string> Countries(byte[] tree, int bits, int nodes, MmdbData section, long dataBytes)
    {
        var countries = new Dictionary<int, string?>();
        for (var node = 0; node < nodes; node++)
        {
            for (var side = 0; side < 2; side++)
            {
                var record = Record(tree, bits, node, side);
                if (record <= nodes || countries.ContainsKey(record))
                {
                    continue;
                }

                var at = (long)record - nodes - SeparatorBytes;
                if (at < 0 || at >= dataBytes)
                {
                    throw new InvalidDataException($"The file is damaged: node {node} leads out of it.");
                }

                section.Skip((int)at, 0);
                countries[record] = CountryAt(section, (int)at);
            }
        }

        return countries.Where(entry => entry.Value is not null).ToFrozenDictionary(entry => entry.Key, entry => string.Intern(entry.Value!));
    }

    private static string? CountryAt(MmdbData section, int at)
    {
        foreach (var name in (ReadOnlySpan<string>)["country", "registered_country"])
        {
            if (section.Member(at, name) is >= 0 and var country && section.Text(section.Member(country, "iso_code")) is { } code)
            {
                return code;
            }
        }

        return section.Text(section.Member(at, "country_code")) ?? section.Text(section.Member(at, "country"));
    }

    private static ulong Required(MmdbData metadata, string name) =>
        metadata.Number(metadata.Member(0, name)) ?? throw new InvalidDataException($"The file is damaged: its metadata does not tell the {name}.");

    private int Record(int node, int side) => Record(_tree, _recordBits, node, side);

    private static int Record(byte[] tree, int bits, int node, int side)
    {
        var at = (long)node * bits / 4;
        var bytes = tree.AsSpan((int)at, bits / 4);
        var record = bits switch
        {
            24 => (uint)((bytes[side * 3] << 16) | (bytes[(side * 3) + 1] << 8) | bytes[(side * 3) + 2]),
            28 when side == 0 => (uint)(((bytes[3] & 0xF0) << 20) | (bytes[0] << 16) | (bytes[1] << 8) | bytes[2]),
            28 => (uint)(((bytes[3] & 0x0F) << 24) | (bytes[4] << 16) | (bytes[5] << 8) | bytes[6]),
            _ => BinaryPrimitives.ReadUInt32BigEndian(bytes[(side * 4)..]),
        };
        return record <= int.MaxValue ? (int)record : throw new InvalidDataException($"The file is damaged: node {node} leads out of it.");
    }
}
