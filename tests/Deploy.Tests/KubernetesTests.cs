using System.Text.Json.Nodes;

namespace Personalization.Deploy.Tests;

public sealed class KubernetesTests
{
    private static readonly List<JsonNode> Base =
        [.. DeployFolder.Files(".yaml")
            .Where(file => (file.StartsWith("kubernetes/base", StringComparison.Ordinal) || file == "kafka/topics-job.yaml")
                && !file.EndsWith("kustomization.yaml", StringComparison.Ordinal))
            .SelectMany(Yaml.Documents)];

    private static JsonNode Deployment => Of("Deployment");

    private static JsonNode Pod => Deployment["spec"]!["template"]!["spec"]!;

    private static JsonNode Silo => Pod["containers"]!.AsArray().Single()!;

    private static int Grace => (int)Pod["terminationGracePeriodSeconds"]!;

    [Fact]
    public void Liveness_asks_only_whether_the_process_lives_and_readiness_whether_it_can_answer()
    {
        Assert.Equal("/healthz", (string)Silo["livenessProbe"]!["httpGet"]!["path"]!);
        Assert.Equal("/healthz", (string)Silo["startupProbe"]!["httpGet"]!["path"]!);
        Assert.Equal("/readyz", (string)Silo["readinessProbe"]!["httpGet"]!["path"]!);
        var ports = Silo["ports"]!.AsArray().Select(port => (string)port!["name"]!).ToList();
        Assert.All(["livenessProbe", "startupProbe", "readinessProbe"], (string probe) => Assert.Contains((string)Silo[probe]!["httpGet"]!["port"]!, ports));
    }

    [Fact]
    public void A_silo_is_not_killed_while_it_drains()
    {
        var asleep = (int)Silo["lifecycle"]!["preStop"]!["sleep"]!["seconds"]!;

        Assert.True(Grace >= asleep + SiloSettings.DrainSeconds, $"{Grace} s is less than {asleep} s and {SiloSettings.DrainSeconds} s.");
    }

    [Fact]
    public void Readiness_is_noticed_as_lost_before_the_drain_begins()
    {
        var probe = Silo["readinessProbe"]!;

        Assert.True((int)probe["periodSeconds"]! * (int)probe["failureThreshold"]! <= (int)Silo["lifecycle"]!["preStop"]!["sleep"]!["seconds"]!);
    }

    [Fact]
    public void An_update_takes_one_silo_at_a_time_and_no_capacity()
    {
        var update = Deployment["spec"]!["strategy"]!["rollingUpdate"]!;

        Assert.Equal((1, 0), ((int)update["maxSurge"]!, (int)update["maxUnavailable"]!));
        Assert.True((int)Deployment["spec"]!["minReadySeconds"]! >= Grace, "The next silo would leave while the last one still drains.");
        Assert.True((int)Deployment["spec"]!["progressDeadlineSeconds"]! > (int)Deployment["spec"]!["minReadySeconds"]!);
    }

    [Fact]
    public void Whoever_drains_nodes_takes_one_silo_at_a_time() => Assert.Equal(1, (int)Of("PodDisruptionBudget")["spec"]!["maxUnavailable"]!);

    [Fact]
    public void The_autoscaler_owns_the_number_of_silos_and_lets_them_go_one_by_one()
    {
        var scaler = Of("HorizontalPodAutoscaler")["spec"]!;
        var down = scaler["behavior"]!["scaleDown"]!["policies"]!.AsArray().Single()!;

        Assert.Null(Deployment["spec"]!["replicas"]);
        Assert.Equal(("Deployment", Name(Deployment)), ((string)scaler["scaleTargetRef"]!["kind"]!, (string)scaler["scaleTargetRef"]!["name"]!));
        Assert.True((int)scaler["minReplicas"]! >= 3);
        Assert.Equal(("Pods", 1), ((string)down["type"]!, (int)down["value"]!));
        Assert.True((int)down["periodSeconds"]! >= Grace);
    }

    [Fact]
    public void Silos_avoid_each_others_nodes_and_spread_over_zones()
    {
        var apart = Pod["affinity"]!["podAntiAffinity"]!["preferredDuringSchedulingIgnoredDuringExecution"]![0]!["podAffinityTerm"]!;
        var spread = Pod["topologySpreadConstraints"]![0]!;

        Assert.Equal("kubernetes.io/hostname", (string)apart["topologyKey"]!);
        Assert.Equal("topology.kubernetes.io/zone", (string)spread["topologyKey"]!);
        AssertSelects(apart["labelSelector"]!["matchLabels"]!);
        AssertSelects(spread["labelSelector"]!["matchLabels"]!);
    }

    [Fact]
    public void No_container_has_a_CPU_limit_and_each_has_memory_and_a_CPU_request() =>
        Assert.All(Containers(), container =>
        {
            Assert.Null(container["resources"]!["limits"]!["cpu"]);
            Assert.NotNull(container["resources"]!["limits"]!["memory"]);
            Assert.NotNull(container["resources"]!["requests"]!["cpu"]);
        });

    [Fact]
    public void Every_pod_runs_without_root_and_without_a_token()
    {
        var pods = Base.Select(item => item["spec"]?["template"]?["spec"]).OfType<JsonNode>().ToList();

        Assert.Equal(2, pods.Count);
        Assert.All(pods, pod =>
        {
            Assert.True((bool)pod["securityContext"]!["runAsNonRoot"]!);
            Assert.True((int)pod["securityContext"]!["runAsUser"]! > 0);
            Assert.Equal("RuntimeDefault", (string)pod["securityContext"]!["seccompProfile"]!["type"]!);
            Assert.False((bool)pod["automountServiceAccountToken"]!);
        });
        Assert.All(Containers(), container =>
        {
            Assert.False((bool)container["securityContext"]!["allowPrivilegeEscalation"]!);
            Assert.True((bool)container["securityContext"]!["readOnlyRootFilesystem"]!);
            Assert.Equal("ALL", (string)container["securityContext"]!["capabilities"]!["drop"]!.AsArray().Single()!);
        });
    }

    [Fact]
    public void Whatever_selects_silos_selects_the_labels_they_have()
    {
        AssertSelects(Deployment["spec"]!["selector"]!["matchLabels"]!);
        AssertSelects(Of("Service")["spec"]!["selector"]!);
        AssertSelects(Of("PodDisruptionBudget")["spec"]!["selector"]!["matchLabels"]!);
        AssertSelects(Of("NetworkPolicy")["spec"]!["podSelector"]!["matchLabels"]!);
        var monitor = Yaml.Document("kubernetes/components/monitoring/service-monitor.yaml")["spec"]!;
        Assert.All(monitor["selector"]!["matchLabels"]!.AsObject(), label => Assert.Equal((string)label.Value!, (string?)Of("Service")["metadata"]!["labels"]![label.Key]));
        Assert.Contains((string)monitor["endpoints"]![0]!["port"]!, Of("Service")["spec"]!["ports"]!.AsArray().Select(port => (string)port!["name"]!));
        // The job that makes topics is no silo: nobody may send it requests.
        var other = Of("Job")["spec"]!["template"]!["metadata"]!["labels"]!;
        Assert.Contains(Of("Service")["spec"]!["selector"]!.AsObject(), label => (string?)other[label.Key] != (string)label.Value!);
    }

    [Fact]
    public void The_alerts_know_the_job_by_the_name_that_the_monitor_gives_it()
    {
        var label = (string)Yaml.Document("kubernetes/components/monitoring/service-monitor.yaml")["spec"]!["jobLabel"]!;

        Assert.Contains($"up{{job=\"{(string)Of("Service")["metadata"]!["labels"]![label]!}\"}}", DeployFolder.Read("prometheus/alerts.yml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_silos_reach_the_ports_where_silos_trust_each_other()
    {
        var doors = Of("NetworkPolicy")["spec"]!["ingress"]!.AsArray()
            .Where(rule => rule!["ports"]!.AsArray().Any(port => (string?)port!["port"] is "silo" or "gateway"));

        var from = Assert.Single(doors)!["from"]!.AsArray().Single()!;
        AssertSelects(from["podSelector"]!["matchLabels"]!);
        Assert.Null(from["namespaceSelector"]);
        Assert.Equal(["http", "grpc"], Of("Service")["spec"]!["ports"]!.AsArray().Select(port => (string)port!["targetPort"]!));
    }

    [Fact]
    public void A_silo_advertises_the_address_of_its_pod() =>
        Assert.Equal(
            "status.podIP",
            (string)Silo["env"]!.AsArray().Single(variable => (string)variable!["name"]! == "PERSONALIZATION_ADVERTISE")!["valueFrom"]!["fieldRef"]!["fieldPath"]!);

    [Theory]
    [InlineData("small")]
    [InlineData("production")]
    public void An_overlay_gives_silos_every_setting_and_none_that_nobody_knows(string overlay)
    {
        var given = Literals("kubernetes/base/kustomization.yaml").Concat(Literals($"kubernetes/overlays/{overlay}/kustomization.yaml")).ToHashSet();
        given.UnionWith(Silo["env"]!.AsArray().Select(variable => (string)variable!["name"]!));

        Assert.Superset(SiloSettings.Variables.ToHashSet(), given);
        Assert.Subset(SiloSettings.Variables.Concat(SiloSettings.TopicVariables).ToHashSet(), given);
    }

    [Fact]
    public void The_topic_script_reads_the_settings_it_is_given()
    {
        var script = DeployFolder.Read("kafka/create-topics.sh");

        Assert.All(SiloSettings.TopicVariables, variable => Assert.Contains($"${{{variable}:-", script, StringComparison.Ordinal));
        Assert.Contains("${PERSONALIZATION_KAFKA:?", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Resources_that_kustomizations_name_exist()
    {
        foreach (var file in DeployFolder.Files("kustomization.yaml"))
        {
            var folder = Path.GetDirectoryName(DeployFolder.At(file))!;
            var kustomization = Yaml.Document(file);
            var named = ((string[])["resources", "components"]).SelectMany(list => kustomization[list]?.AsArray() ?? [])
                .Concat((kustomization["configMapGenerator"]?.AsArray() ?? []).SelectMany(map => map!["files"]?.AsArray() ?? []));
            Assert.All(named, name => Assert.True(Path.Exists(Path.Combine(folder, (string)name!)), $"{name}, in {file}"));
        }
    }

    [ToolFact("kubectl", "kustomize", "--help")]
    public void Kustomize_builds_the_small_overlay() => Build("small", maxReplicas: 4, partitions: 12);

    [ToolFact("kubectl", "kustomize", "--help")]
    public void Kustomize_builds_the_production_overlay() => Build("production", maxReplicas: 24, partitions: 48);

    private static void Build(string overlay, int maxReplicas, int partitions)
    {
        var built = Yaml.Parse(Tool.Accepts(DeployFolder.Root, "kubectl", "kustomize", $"kubernetes/overlays/{overlay}"));
        var settings = built.Single(item => Kind(item) == "ConfigMap" && Name(item).StartsWith("personalization-settings-", StringComparison.Ordinal));
        var containers = built.Select(item => item["spec"]?["template"]?["spec"]?["containers"]?[0]).OfType<JsonNode>().ToList();

        // A changed setting must roll the silos: they name the map by what is in it.
        Assert.All(containers, container => Assert.Equal(Name(settings), (string)container["envFrom"]![0]!["configMapRef"]!["name"]!));
        Assert.Equal(partitions.ToString(), settings["data"]!["EVENT_PARTITIONS"]!.ToString());
        Assert.Equal(maxReplicas, (int)built.Single(item => Kind(item) == "HorizontalPodAutoscaler")["spec"]!["maxReplicas"]!);
        Assert.True(maxReplicas <= partitions, "Some silo would own no partition.");
        Assert.All(containers, container => Assert.Null(container["resources"]!["limits"]!["cpu"]));
        Assert.All(built.Where(item => Kind(item) != "Namespace"), item => Assert.Equal("personalization", (string)item["metadata"]!["namespace"]!));
    }

    private static void AssertSelects(JsonNode selector)
    {
        var labels = Deployment["spec"]!["template"]!["metadata"]!["labels"]!;

        Assert.NotEmpty(selector.AsObject());
        Assert.All(selector.AsObject(), label => Assert.Equal((string)label.Value!, (string?)labels[label.Key]));
    }

    private static IEnumerable<string> Literals(string file) =>
        Yaml.Document(file)["configMapGenerator"]!.AsArray().SelectMany(map => map!["literals"]!.AsArray()).Select(literal => ((string)literal!).Split('=')[0]);

    private static IEnumerable<JsonNode> Containers() =>
        Base.Select(item => item["spec"]?["template"]?["spec"]?["containers"]).OfType<JsonArray>().SelectMany(containers => containers.OfType<JsonNode>());

    private static JsonNode Of(string kind) => Base.Single(item => Kind(item) == kind);

    private static string Kind(JsonNode item) => (string)item["kind"]!;

    private static string Name(JsonNode item) => (string)item["metadata"]!["name"]!;
}
