using System.Text.Json;

namespace Personalization.Deploy.Tests;

public sealed class FilesTests
{
    public static TheoryData<string> YamlFiles => [.. DeployFolder.Files(".yaml", ".yml")];

    public static TheoryData<string> JsonFiles => [.. DeployFolder.Files(".json")];

    [Theory]
    [MemberData(nameof(YamlFiles))]
    public void Every_YAML_file_parses_and_names_no_key_twice(string file) => Assert.NotEmpty(Yaml.Documents(file));

    [Theory]
    [MemberData(nameof(JsonFiles))]
    public void Every_JSON_file_parses(string file) => JsonDocument.Parse(DeployFolder.Read(file)).Dispose();

    [Fact]
    public void No_image_floats()
    {
        var images = DeployFolder.Files(".yaml", ".yml").SelectMany(file => DeployFolder.Read(file).Split('\n'))
            .Select(line => line.Trim().TrimStart('-').Trim())
            .Where(line => line.StartsWith("image: ", StringComparison.Ordinal))
            .Select(line => line["image: ".Length..])
            .ToList();

        Assert.NotEmpty(images);
        Assert.All(images, image => Assert.Matches(@"^[a-z0-9./-]+:v?\d+\.\d+\.\d+$", image));
    }
}
