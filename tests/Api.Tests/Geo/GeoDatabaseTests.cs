using System.Net;
using Personalization.Api.Client;
using Personalization.Api.Geo;

namespace Personalization.Api.Tests.Geo;

public sealed class GeoDatabaseTests
{
    private const string Published = "https://github.com/maxmind/MaxMind-DB";

    private static readonly byte[] Small = SmallMmdb.Of(("81.2.69.0/24", "GB"), ("2.125.0.0/16", "SE"), ("2.125.160.216/29", "FR"));

    [Theory]
    [InlineData("81.2.69.142", "GB")]
    [InlineData("::ffff:81.2.69.142", "GB")]
    [InlineData("81.2.70.1", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData("2001:db8::1", null)]
    public void An_address_has_the_country_of_its_network(string address, string? country) =>
        Assert.Equal(country, GeoDatabase.Read(SmallMmdb.Of(("81.2.69.0/24", "GB"))).CountryOf(IPAddress.Parse(address)));

    /// <summary>MaxMind's own test databases; what they hold is in source-data/*.json beside them.</summary>
    [CheckoutFact("MAXMIND_DB", Published)]
    public void The_published_databases_answer_as_published()
    {
        foreach (var file in (string[])["GeoIP2-Country-Test.mmdb", "GeoLite2-Country-Test.mmdb", "GeoIP2-City-Test.mmdb"])
        {
            var database = GeoDatabase.Open(CheckoutFactAttribute.FilePath("MAXMIND_DB", $"test-data/{file}"));
            Assert.Equal("GB", database.CountryOf(IPAddress.Parse("81.2.69.142")));
            Assert.Equal("JP", database.CountryOf(IPAddress.Parse("2001:218::1")));
            Assert.Equal("SE", database.CountryOf(IPAddress.Parse("89.160.20.112")));
            Assert.Null(database.CountryOf(IPAddress.Parse("127.0.0.1")));
        }

        // Records of every size open, though they hold no country.
        foreach (var size in (int[])[24, 28, 32])
        {
            foreach (var kind in (string[])["ipv4", "ipv6", "mixed"])
            {
                var database = GeoDatabase.Open(CheckoutFactAttribute.FilePath("MAXMIND_DB", $"test-data/MaxMind-DB-test-{kind}-{size}.mmdb"));
                Assert.Null(database.CountryOf(IPAddress.Parse("1.1.1.1")));
            }
        }
    }

    [CheckoutFact("MAXMIND_DB", Published)]
    public void The_published_damaged_databases_are_refused_or_harmless()
    {
        var refused = 0;
        var folder = CheckoutFactAttribute.FilePath("MAXMIND_DB", "");
        string[] files =
        [
            .. Directory.GetFiles(Path.Combine(folder, "bad-data"), "*.mmdb", SearchOption.AllDirectories),
            .. Directory.GetFiles(Path.Combine(folder, "test-data"), "*broken*.mmdb"),
        ];
        foreach (var file in files)
        {
            try
            {
                GeoDatabase.Open(file).CountryOf(IPAddress.Parse("1.1.1.16"));
            }
            catch (GeoDatabaseException exception)
            {
                Assert.StartsWith(file, exception.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        // Some damage is only in what nobody reads here: the build time, the order of keys.
        Assert.InRange(refused, files.Length * 2 / 3, files.Length);
    }

    [Fact]
    public void A_file_that_ends_early_is_refused_wherever_it_ends()
    {
        for (var length = 0; length < Small.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => GeoDatabase.Read(Small.AsMemory(0, length)));
        }
    }

    [Fact]
    public void Damaged_bytes_never_fail_otherwise()
    {
        var random = new Random(1);
        var refused = 0;
        for (var i = 0; i < 5_000; i++)
        {
            var damaged = Small.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                GeoDatabase.Read(damaged).CountryOf(IPAddress.Parse("2.125.160.217"));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 100, 4_999);
    }

    [Fact]
    public void A_file_that_cannot_be_used_is_told_with_the_option_that_names_it()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "geo.mmdb");

        Assert.StartsWith("--geo-db: ", Assert.Throws<GeoDatabaseException>(() => ClientOptions.Of(path, 0)).Message, StringComparison.Ordinal);
        File.WriteAllText(path, "no database");
        Assert.Contains("no MaxMind DB", Assert.Throws<GeoDatabaseException>(() => ClientOptions.Of(path, 0)).Message, StringComparison.Ordinal);
        Assert.Null(ClientOptions.Of("", 0).Geo);
    }
}
