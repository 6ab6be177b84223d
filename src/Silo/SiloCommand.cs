using System.CommandLine;
using System.Globalization;
using System.Net;
using Personalization.Api.Client;
using Personalization.Api.Geo;
using Personalization.Core.Privacy;

namespace Personalization.Silo;

/// <summary>The command line of the executable; every option is also an environment variable, <c>PERSONALIZATION_REDIS</c> and so on.</summary>
internal static class SiloCommand
{
    public static RootCommand Build(Func<SiloOptions, CancellationToken, Task<int>> run)
    {
        var urls = Option("--urls", "Where REST listens.", "http://127.0.0.1:8080");
        var grpcUrls = Option("--grpc-urls", "Where gRPC listens, over HTTP/2 without TLS. Empty: nowhere.", "");
        var redis = Option("--redis", "The Redis servers: host:port[,option=value…].", "127.0.0.1:6379");
        var kafka = Option("--kafka", "The Kafka brokers: host:port,….", "127.0.0.1:9092");
        var topic = Option("--topic", "The topic that events are in.", "events");
        var epoch = Option("--topic-epoch", "Raised by one whenever partitions were added to the topic.", "0");
        var cluster = Option("--cluster-id", "Which deployment this is.", "personalization");
        var service = Option("--service-id", "What the state is stored under, across deployments.", "personalization");
        var advertise = Option("--advertise", "The address other silos reach this one at.", "127.0.0.1");
        var siloPort = Option("--silo-port", "The port other silos reach this one at.", "11111");
        var gatewayPort = Option("--gateway-port", "The port clients of the cluster reach this one at.", "30000");
        var dashboard = Option("--dashboard-key", "The word that opens /dashboard, sent as a bearer token. Empty: no dashboard.", "");
        var geo = Option("--geo-db", "A MaxMind DB file (.mmdb) that tells countries of addresses. Empty: geo.country is missing.", "");
        var proxies = Option("--proxies", "How many proxies in front append to X-Forwarded-For; 0: the header is not looked at.", "0");
        var drain = Option("--drain-seconds", "How long /readyz says no before a stop begins.", "0");
        var keys = Option("--key-file", "A key ring (personalize keys new): profiles are encrypted at rest. Empty: they are not.", "");
        var unknown = Option("--unknown-consent", "What holds where a person said nothing: allow or deny.", "allow");
        var gpc = Option(
            "--gpc-denies", "The purposes that Sec-GPC: 1 denies, separated by commas. Empty: none.", PurposeNames.List(PrivacySignals.Default.GlobalPrivacyControl));
        var dnt = Option(
            "--dnt-denies", "The purposes that DNT: 1 denies, separated by commas. Empty: none.", PurposeNames.List(PrivacySignals.Default.DoNotTrack));
        var command = new RootCommand("One silo of a personalization cluster: grains, streams and the API in one process.")
        {
            urls, grpcUrls, redis, kafka, topic, epoch, cluster, service, advertise, siloPort, gatewayPort, dashboard, drain,
            unknown, gpc, dnt, keys, geo, proxies,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            int Number(Option<string> option, int most) =>
                int.TryParse(parsed.GetValue(option), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
                    ? number
                    : throw new OptionException($"{option.Name} is a whole number from 0 to {most}.");

            Purposes Denied(Option<string> option) => PurposeNames.ParseList(parsed.GetValue(option)!)
                ?? throw new OptionException($"{option.Name} names something that is no purpose. {PurposeNames.Known}");

            ConsentPolicy Policy() => parsed.GetValue(unknown) switch
            {
                "allow" => ConsentPolicy.Default,
                "deny" => new ConsentPolicy(DeniesUnknown: true),
                _ => throw new OptionException($"{unknown.Name} is allow or deny."),
            };

            SiloOptions Read() => new()
            {
                Urls = parsed.GetValue(urls)!,
                GrpcUrls = parsed.GetValue(grpcUrls)!,
                Redis = parsed.GetValue(redis)!,
                Kafka = parsed.GetValue(kafka)!,
                Topic = parsed.GetValue(topic)!,
                TopicEpoch = Number(epoch, short.MaxValue),
                ClusterId = parsed.GetValue(cluster)!,
                ServiceId = parsed.GetValue(service)!,
                Advertise = IPAddress.TryParse(parsed.GetValue(advertise), out var address)
                    ? address
                    : throw new OptionException("--advertise is an IP address."),
                SiloPort = Number(siloPort, ushort.MaxValue),
                GatewayPort = Number(gatewayPort, ushort.MaxValue),
                KeyFile = parsed.GetValue(keys) is { Length: > 0 } ring ? ring : null,
                DashboardKey = parsed.GetValue(dashboard) is { Length: > 0 } key ? key : null,
                Clients = ClientsOf(parsed.GetValue(geo), Number(proxies, 16)),
                Consent = Policy(),
                Signals = new PrivacySignals(Denied(gpc), Denied(dnt)),
                Drain = TimeSpan.FromSeconds(Number(drain, 600)),
            };

            try
            {
                return await run(Read(), cancellation);
            }
            catch (OptionException exception)
            {
                Console.Error.WriteLine(exception.Message);
                return 1;
            }
        });
        return command;

        static ClientOptions ClientsOf(string? file, int before)
        {
            try
            {
                return ClientOptions.Of(file, before);
            }
            catch (GeoDatabaseException exception)
            {
                throw new OptionException(exception.Message);
            }
        }

        static Option<string> Option(string name, string description, string usual)
        {
            var variable = "PERSONALIZATION_" + name[2..].Replace('-', '_').ToUpperInvariant();
            return new Option<string>(name)
            {
                Description = $"{description} Or {variable}.",
                DefaultValueFactory = _ => Environment.GetEnvironmentVariable(variable) ?? usual,
            };
        }
    }
}
