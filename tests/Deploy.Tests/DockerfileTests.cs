using System.Xml.Linq;

namespace Personalization.Deploy.Tests;

public sealed class DockerfileTests
{
    [Theory]
    [InlineData("silo", "Silo")]
    [InlineData("node", "Node")]
    public void An_image_copies_every_project_that_its_restore_needs_before_it_restores(string image, string project)
    {
        var lines = Instructions(image);
        var restore = lines.FindIndex(line => line.Contains("dotnet restore", StringComparison.Ordinal));
        var before = lines[..restore];

        Assert.Contains($"src/{project}/{project}.csproj", lines[restore], StringComparison.Ordinal);
        foreach (var needed in WithReferences(project))
        {
            Assert.Contains($"COPY src/{needed}/{needed}.csproj src/{needed}/", before);
            Assert.Contains($"COPY src/{needed}/ src/{needed}/", lines[restore..]);
        }

        Assert.Equal(WithReferences(project).Count, before.Count(line => line.Contains(".csproj", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("node")]
    public void An_image_copies_every_file_that_a_project_inherits_from_the_root(string image)
    {
        var lines = Instructions(image);
        var first = lines.SkipWhile(line => !line.EndsWith(" AS build", StringComparison.Ordinal)).First(line => line.StartsWith("COPY ", StringComparison.Ordinal));
        var root = Directory.EnumerateFiles(Repository.Root, "Directory.*").Append("global.json").Select(Path.GetFileName);

        Assert.All(root, file => Assert.Contains($" {file} ", first, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("node")]
    public void What_an_image_copies_exists_and_reaches_the_builder(string image)
    {
        var sources = Instructions(image)
            .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1])
            .ToList();
        var let = DeployFolder.Read($"docker/{image}.Dockerfile.dockerignore").Split('\n')
            .Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();

        Assert.NotEmpty(sources);
        Assert.All(sources, source => Assert.True(Path.Exists(Path.Combine(Repository.Root, source)), $"{source} is missing."));
        Assert.All(sources, source => Assert.Contains(let, path => $"{source.TrimEnd('/')}/".StartsWith($"{path}/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("silo", "Personalization.Silo.dll")]
    [InlineData("node", "Personalization.Node.dll")]
    public void An_image_runs_without_root_and_without_a_shell(string image, string program)
    {
        var lines = Instructions(image);
        var last = lines[lines.FindLastIndex(line => line.StartsWith("FROM ", StringComparison.Ordinal))..];

        Assert.Matches(@"^FROM mcr\.microsoft\.com/dotnet/aspnet:10\.0-noble-chiseled AS runtime$", last[0]);
        Assert.Contains("USER $APP_UID", last);
        Assert.Contains($"ENTRYPOINT [\"dotnet\", \"{program}\"]", last);
        // A chiseled image holds nothing that could run these.
        Assert.DoesNotContain(last, line => line.StartsWith("RUN ", StringComparison.Ordinal));
        Assert.Contains("HEALTHCHECK NONE", last);
    }

    [Fact]
    public void The_node_keeps_its_data_in_a_volume_that_belongs_to_its_user()
    {
        var lines = Instructions("node");

        Assert.Contains("VOLUME /data", lines);
        Assert.Contains("COPY --from=build --chown=$APP_UID:$APP_UID /data /data", lines);
        Assert.Contains("\"--data\", \"/data\"", lines[^1], StringComparison.Ordinal);
    }

    private static List<string> Instructions(string image) =>
        [.. DeployFolder.Read($"docker/{image}.Dockerfile").Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && !line.StartsWith('#'))];

    private static HashSet<string> WithReferences(string project)
    {
        var found = new HashSet<string>();
        Add(project);
        return found;

        void Add(string name)
        {
            if (!found.Add(name))
            {
                return;
            }

            var references = XDocument.Load(Path.Combine(Repository.Root, "src", name, $"{name}.csproj")).Descendants("ProjectReference");
            foreach (var reference in references)
            {
                Add(Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
            }
        }
    }
}
