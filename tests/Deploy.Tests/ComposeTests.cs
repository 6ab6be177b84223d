using System.Text.Json.Nodes;

namespace Personalization.Deploy.Tests;

public sealed class ComposeTests
{
    private static readonly JsonObject Services = Yaml.Document("compose.yaml")["services"]!.AsObject();

    private static IEnumerable<JsonObject> Silos =>
        Services.Where(service => service.Key.StartsWith("silo", StringComparison.Ordinal)).Select(service => service.Value!.AsObject());

    [Fact]
    public void Three_silos_run_and_advertise_the_address_they_have()
    {
        Assert.Equal(3, Silos.Count());
        var addresses = Silos.Select(silo => (string?)silo["networks"]!["cluster"]!["ipv4_address"]).ToList();
        Assert.Equal(addresses, Silos.Select(silo => (string?)silo["environment"]!["PERSONALIZATION_ADVERTISE"]));
        Assert.Equal(3, addresses.Distinct().Count());
    }

    [Fact]
    public void Silos_are_given_every_setting_and_none_that_they_do_not_know() =>
        Assert.All(Silos, silo => Assert.Equal(
            SiloSettings.Variables.Order(),
            silo["environment"]!.AsObject().Select(variable => variable.Key).Order()));

    [Fact]
    public void The_addresses_that_silos_are_given_are_services()
    {
        foreach (var name in (string[])["PERSONALIZATION_REDIS", "PERSONALIZATION_KAFKA"])
        {
            Assert.All(Silos, silo => Assert.Contains(((string)silo["environment"]![name]!).Split(':')[0], Services.Select(service => service.Key)));
        }
    }

    [Fact]
    public void Silos_may_take_as_long_to_leave_as_they_need() =>
        Assert.All(Silos, silo => Assert.True(int.Parse(((string)silo["stop_grace_period"]!).TrimEnd('s')) > SiloSettings.DrainSeconds));

    [Fact]
    public void Silos_write_nowhere_and_can_not_gain_rights() =>
        Assert.All(Silos, silo =>
        {
            Assert.True((bool)silo["read_only"]!);
            Assert.Equal("ALL", (string)silo["cap_drop"]!.AsArray().Single()!);
            Assert.Contains("no-new-privileges:true", silo["security_opt"]!.AsArray().Select(option => (string)option!));
        });

    [Fact]
    public void Whoever_is_waited_for_exists_and_can_tell_when_it_is_ready()
    {
        foreach (var (name, service) in Services)
        {
            if (service!["depends_on"] is not JsonObject dependencies)
            {
                continue;
            }

            foreach (var (dependency, how) in dependencies)
            {
                Assert.True(Services.ContainsKey(dependency), $"{name} waits for {dependency}, which is no service.");
                if ((string?)how!["condition"] == "service_healthy")
                {
                    Assert.True(Services[dependency]!["healthcheck"] is not null, $"{dependency} can't tell whether it is healthy.");
                }
            }
        }
    }

    [Fact]
    public void Files_that_services_mount_or_build_from_exist()
    {
        var folder = DeployFolder.Root;
        foreach (var (_, service) in Services)
        {
            if (service!["build"] is { } build)
            {
                var context = Path.Combine(folder, (string)build["context"]!);
                Assert.True(File.Exists(Path.Combine(context, (string)build["dockerfile"]!)));
            }

            foreach (var source in (service["volumes"]?.AsArray() ?? []).Select(volume => ((string)volume!).Split(':')[0]))
            {
                Assert.True(
                    source.StartsWith("./", StringComparison.Ordinal)
                        ? Path.Exists(Path.Combine(folder, source))
                        : Yaml.Document("compose.yaml")["volumes"]!.AsObject().ContainsKey(source),
                    $"{source} is neither a file nor a volume.");
            }
        }
    }

    [Fact]
    public void Ports_are_published_on_loopback_and_each_once()
    {
        var ports = Services.SelectMany(service => service.Value!["ports"]?.AsArray() ?? []).Select(port => (string)port!).ToList();

        Assert.All(ports, port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        Assert.Equal(ports.Count, ports.Select(port => port.Split(':')[1]).Distinct().Count());
    }

    [Fact]
    public void Redis_keeps_what_it_was_told_and_forgets_nothing_to_save_memory()
    {
        var command = string.Join(' ', Services["redis"]!["command"]!.AsArray().Select(word => (string)word!));

        Assert.Contains("--appendonly yes", command, StringComparison.Ordinal);
        Assert.Contains("--appendfsync always", command, StringComparison.Ordinal);
        Assert.Contains("--maxmemory-policy noeviction", command, StringComparison.Ordinal);
    }

    [Fact]
    public void Topics_are_made_by_the_script_and_never_by_a_misspelt_name()
    {
        Assert.Equal("false", (string)Services["kafka"]!["environment"]!["KAFKA_AUTO_CREATE_TOPICS_ENABLE"]!);
        var given = Services["topics"]!["environment"]!.AsObject().Select(variable => variable.Key).ToList();
        Assert.All(given, variable => Assert.True(SiloSettings.Variables.Contains(variable) || SiloSettings.TopicVariables.Contains(variable), variable));
        Assert.All(Silos, silo => Assert.Equal(
            (string)Services["topics"]!["environment"]!["PERSONALIZATION_TOPIC"]!,
            (string)silo["environment"]!["PERSONALIZATION_TOPIC"]!));
    }

    [Fact]
    public void Prometheus_scrapes_every_silo_and_the_collector_at_ports_they_listen_on()
    {
        var targets = Yaml.Document("prometheus/prometheus.yml")["scrape_configs"]!.AsArray()
            .SelectMany(job => job!["static_configs"]!.AsArray().SelectMany(group => group!["targets"]!.AsArray()))
            .Select(target => (string)target!)
            .ToList();
        var collector = (string)Yaml.Document("otel/collector.yaml")["exporters"]!["prometheus"]!["endpoint"]!;

        Assert.Equal(["otel-collector:" + collector.Split(':')[1], "silo1:8080", "silo2:8080", "silo3:8080"], targets.Order());
    }

    [Fact]
    public void Grafana_finds_its_source_and_its_dashboards_where_they_are_mounted()
    {
        var source = Yaml.Document("grafana/provisioning/datasources/prometheus.yaml")["datasources"]!.AsArray().Single()!;
        var folder = (string)Yaml.Document("grafana/provisioning/dashboards/personalization.yaml")["providers"]![0]!["options"]!["path"]!;
        var mounts = Services["grafana"]!["volumes"]!.AsArray().Select(volume => (string)volume!);

        Assert.True(Services.ContainsKey(new Uri((string)source["url"]!).Host));
        Assert.Contains($"./grafana/dashboards:{folder}:ro", mounts);
    }

    [ToolFact("docker", "compose", "version")]
    public void Docker_compose_accepts_the_file() => Tool.Accepts(DeployFolder.Root, "docker", "compose", "-f", "compose.yaml", "config", "--quiet");
}
