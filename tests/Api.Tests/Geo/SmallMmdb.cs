using System.Net;
using System.Text;

namespace Personalization.Api.Tests.Geo;

/// <summary>Writes a MaxMind DB of a few IPv4 networks with records of 24 bits, by the specification 2.0, so that tests need nobody's file.</summary>
internal static class SmallMmdb
{
    public static byte[] Of(params (string Network, string Country)[] networks)
    {
        var data = new List<byte>();
        var nodes = new List<int[]> { new int[2] };
        var leaves = new List<(int Node, int Side, int Offset)>();
        foreach (var (network, country) in networks)
        {
            var parsed = IPNetwork.Parse(network);
            var bytes = parsed.BaseAddress.GetAddressBytes();
            leaves.Add((Walk(nodes, bytes, parsed.PrefixLength), (bytes[(parsed.PrefixLength - 1) / 8] >> (7 - ((parsed.PrefixLength - 1) % 8))) & 1, data.Count));
            data.AddRange([Map(1), .. Text("country"), Map(1), .. Text("iso_code"), .. Text(country)]);
        }

        foreach (var (node, side, offset) in leaves)
        {
            nodes[node][side] = -(offset + 1);
        }

        var file = new List<byte>();
        foreach (var record in nodes.SelectMany(node => node))
        {
            var value = record > 0 ? record : record == 0 ? nodes.Count : nodes.Count + 16 - record - 1;
            file.AddRange([(byte)(value >> 16), (byte)(value >> 8), (byte)value]);
        }

        return
        [
            .. file, .. new byte[16], .. data, 0xAB, 0xCD, 0xEF, .. Encoding.ASCII.GetBytes("MaxMind.com"), Map(4),
            .. Text("binary_format_major_version"), .. Number(2), .. Text("record_size"), .. Number(24),
            .. Text("node_count"), .. Number(nodes.Count), .. Text("ip_version"), .. Number(4),
        ];
    }

    private static int Walk(List<int[]> nodes, byte[] address, int bits)
    {
        var node = 0;
        for (var bit = 0; bit < bits - 1; bit++)
        {
            var side = (address[bit / 8] >> (7 - (bit % 8))) & 1;
            if (nodes[node][side] == 0)
            {
                nodes.Add(new int[2]);
                nodes[node][side] = nodes.Count - 1;
            }

            node = nodes[node][side];
        }

        return node;
    }

    private static byte Map(int size) => (byte)((7 << 5) | size);

    private static byte[] Text(string text) => [(byte)((2 << 5) | Math.Min(29, text.Length)), .. text.Length >= 29 ? new[] { (byte)(text.Length - 29) } : [], .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Number(int number) => [(5 << 5) | 2, (byte)(number >> 8), (byte)number];
}
