using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Personalization.Deploy.Tests;

public sealed partial class MonitoringTests
{
    private static readonly JsonArray Groups = Yaml.Document("prometheus/alerts.yml")["groups"]!.AsArray();

    private static readonly string Runbook = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));

    public static TheoryData<string> Dashboards => [.. DeployFolder.Files(".json").Where(file => file.StartsWith("grafana", StringComparison.Ordinal))];

    private static IEnumerable<JsonObject> Alerts => Groups.SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!.AsObject());

    [Fact]
    public void A_query_is_read_for_its_metrics_and_not_for_its_labels() =>
        Assert.Equal(
            ["a_total", "b", "c"],
            PromQl.Metrics("""sum by (le, x) (rate(a_total{job="b_total",y=~"{}"}[5m])) / on () b > 0.5 and delta((max(c))[10m:1m]) > 1e3""")
                .Where(name => name != "y"));

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void A_dashboard_queries_only_metrics_that_exist(string file)
    {
        var queries = Panels(file).SelectMany(panel => panel["targets"]?.AsArray() ?? []).Select(target => (string)target!["expr"]!).ToList();

        Assert.NotEmpty(queries);
        Assert.All(queries, query =>
        {
            Assert.NotEmpty(PromQl.Metrics(query));
            Assert.All(PromQl.Metrics(query), name => Assert.True(MetricNames.All.Contains(name), $"{name}, in: {query}"));
        });
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void A_dashboard_uses_the_provisioned_source_and_says_what_each_panel_means(string file)
    {
        var source = (string)Yaml.Document("grafana/provisioning/datasources/prometheus.yaml")["datasources"]![0]!["uid"]!;
        var panels = Panels(file).Where(panel => (string)panel["type"]! != "row").ToList();

        Assert.All(panels, panel => Assert.Equal(source, (string)panel["datasource"]!["uid"]!));
        Assert.All(panels, panel => Assert.False(string.IsNullOrWhiteSpace((string?)panel["description"]), (string)panel["title"]!));
        Assert.All(panels, panel => Assert.False(string.IsNullOrWhiteSpace((string?)panel["fieldConfig"]!["defaults"]!["unit"]), (string)panel["title"]!));
        Assert.Equal(panels.Count, panels.Select(panel => (int)panel["id"]!).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Panels_of_a_dashboard_lie_in_the_grid_and_not_on_each_other(string file)
    {
        var cells = new HashSet<(int X, int Y)>();
        foreach (var panel in Panels(file))
        {
            var place = panel["gridPos"]!;
            var (x, y, width, height) = ((int)place["x"]!, (int)place["y"]!, (int)place["w"]!, (int)place["h"]!);
            Assert.InRange(x + width, 1, 24);
            for (var cell = 0; cell < width * height; cell++)
            {
                Assert.True(cells.Add((x + (cell % width), y + (cell / width))), (string)panel["title"]!);
            }
        }
    }

    [Fact]
    public void An_alert_queries_only_metrics_that_exist() =>
        Assert.All(Alerts, alert => Assert.All(
            PromQl.Metrics((string)alert["expr"]!),
            name => Assert.True(MetricNames.All.Contains(name), $"{name}, in {alert["alert"]}")));

    [Fact]
    public void An_alert_has_a_severity_a_summary_and_a_heading_in_the_runbook() =>
        Assert.All(Alerts, alert =>
        {
            var name = (string)alert["alert"]!;
            Assert.Contains((string)alert["labels"]!["severity"]!, (string[])["warning", "critical"]);
            Assert.False(string.IsNullOrWhiteSpace((string?)alert["annotations"]!["summary"]));
            Assert.Equal($"docs/operations.md#{name.ToLowerInvariant()}", (string)alert["annotations"]!["runbook"]!);
            Assert.Matches($@"(?m)^### {name}$", Runbook);
        });

    [Fact]
    public void The_runbook_describes_no_alert_that_does_not_exist()
    {
        var section = Runbook[Runbook.IndexOf("## What each alert means", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", 3, StringComparison.Ordinal)];

        Assert.Equal(
            Alerts.Select(alert => (string)alert["alert"]!).Order(),
            Heading().Matches(section).Select(match => match.Groups[1].Value).Order());
    }

    [Fact]
    public void The_operator_is_given_the_same_alerts_as_Prometheus()
    {
        var given = Yaml.Document("kubernetes/components/monitoring/prometheus-rule.yaml")["spec"]!["groups"]!.AsArray();
        var ours = Groups.Where(group => (string)group!["name"]! != "dependencies").ToList();

        Assert.Equal(ours.Select(group => group!.ToJsonString()), given.Select(group => group!.ToJsonString()));
    }

    [Fact]
    public void The_collector_starts_every_part_that_is_configured_and_configures_every_part_that_is_started()
    {
        var collector = Yaml.Document("otel/collector.yaml");
        var pipelines = collector["service"]!["pipelines"]!.AsObject().Select(pipeline => pipeline.Value!).ToList();
        foreach (var part in (string[])["receivers", "processors", "exporters"])
        {
            Assert.Equal(
                collector[part]!.AsObject().Select(entry => entry.Key).Order(),
                pipelines.SelectMany(pipeline => pipeline[part]!.AsArray()).Select(name => (string)name!).Distinct().Order());
        }
    }

    [ToolFact("promtool", "--version")]
    public void Promtool_accepts_the_configuration_and_the_rules() =>
        Tool.Accepts(DeployFolder.At("prometheus"), "promtool", "check", "config", "prometheus.yml");

    [ToolFact("promtool", "--version")]
    public void Alerts_fire_when_they_should_and_not_before() =>
        Tool.Accepts(DeployFolder.At("prometheus"), "promtool", "test", "rules", "alerts.test.yml");

    private static IEnumerable<JsonObject> Panels(string file) =>
        JsonNode.Parse(DeployFolder.Read(file))!["panels"]!.AsArray().Select(panel => panel!.AsObject());

    [GeneratedRegex(@"(?m)^### (\w+)$")]
    private static partial Regex Heading();
}
