using System.Text;
using Personalization.Core.Privacy.Encryption;

namespace Personalization.Core.Tests.Privacy;

public sealed class ProfileCipherTests
{
    private static readonly byte[] Blob = Encoding.UTF8.GetBytes("the state of a person");

    [Fact]
    public void A_sealed_blob_is_what_the_published_vector_says()
    {
        // McGrew and Viega, "The Galois/Counter Mode of Operation", test case 14: key, nonce and text of zeros, nothing authenticated.
        var cipher = new ProfileCipher(Ring("k", ("k", new byte[32])), nonce => nonce.Clear());

        var sealedBlob = cipher.Seal("", new byte[16]);

        Assert.Equal("EC01016B", Convert.ToHexString(sealedBlob[..4]));
        Assert.Equal("000000000000000000000000", Convert.ToHexString(sealedBlob[4..16]));
        Assert.Equal("D0D1C8A799996BF0265B98B5D48AB919", Convert.ToHexString(sealedBlob[16..32]));
        Assert.Equal("CEA7403D4D606B6E074EC5D3BAF39D18", Convert.ToHexString(sealedBlob[32..]));
        Assert.Equal(new byte[16], cipher.Open("", sealedBlob));
    }

    [Fact]
    public void Old_blobs_are_read_while_their_key_is_in_the_ring_and_open_ones_always()
    {
        var first = new ProfileCipher(Ring("a", ("a", Key(1))), Fill);
        var rotated = new ProfileCipher(Ring("b", ("a", Key(1)), ("b", Key(2))), Fill);
        var old = first.Seal("ann", Blob);

        Assert.Equal(Blob, rotated.Open("ann", old));
        Assert.Equal("b", ProfileCipher.KeyOf(rotated.Seal("ann", rotated.Open("ann", old))));
        Assert.Equal(Blob, rotated.Open("ann", Blob));
        Assert.Null(ProfileCipher.KeyOf(Blob));
        Assert.Same(Blob, new ProfileCipher(KeyRing.Empty, Fill).Seal("ann", Blob));
    }

    [Fact]
    public void What_is_sealed_opens_with_its_key_for_its_person_and_unchanged_and_not_otherwise()
    {
        var cipher = new ProfileCipher(Ring("a", ("a", Key(1))), Fill);
        var sealedBlob = cipher.Seal("ann", Blob);
        var damaged = sealedBlob.ToArray();
        damaged[^1] ^= 1;

        Assert.Contains("\"a\"", Assert.Throws<SealedException>(() => new ProfileCipher(KeyRing.Empty, Fill).Open("ann", sealedBlob)).Message, StringComparison.Ordinal);
        Assert.Throws<SealedException>(() => new ProfileCipher(Ring("a", ("a", Key(2))), Fill).Open("ann", sealedBlob));
        Assert.Throws<SealedException>(() => cipher.Open("ben", sealedBlob));
        Assert.Throws<SealedException>(() => cipher.Open("ann", damaged));
        Assert.Throws<SealedException>(() => cipher.Open("ann", sealedBlob[..20]));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"current":"a","keys":{}}""")]
    [InlineData("""{"current":"a","keys":{"a":"c2hvcnQ="}}""")]
    [InlineData("""{"current":"a","keys":{"a":7}}""")]
    public void What_is_no_ring_is_refused_and_no_key_is_shown(string json)
    {
        var refused = Assert.Throws<InvalidDataException>(() => KeyRing.Parse(Encoding.UTF8.GetBytes(json)));
        Assert.DoesNotContain("c2hvcnQ", refused.Message, StringComparison.Ordinal);
    }

    private static KeyRing Ring(string current, params (string Id, byte[] Key)[] keys) => KeyRing.Parse(Encoding.UTF8.GetBytes(
        $$"""{"current":"{{current}}","keys":{{{string.Join(',', keys.Select(key => $"\"{key.Id}\":\"{Convert.ToBase64String(key.Key)}\""))}}} }"""));

    private static byte[] Key(byte fill) => Enumerable.Repeat(fill, KeyRing.KeyLength).ToArray();

    private static void Fill(Span<byte> nonce) => System.Security.Cryptography.RandomNumberGenerator.Fill(nonce);
}
