using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Personalization.Kafka;

namespace Personalization.Streaming.Kafka.Hosting;

/// <summary>
/// What a silo logs of the options at its start: of the client properties only their names, for among the values are passwords.
/// </summary>
internal sealed class KafkaOptionsFormatter(string name, KafkaStreamOptions options) : IOptionFormatter<KafkaStreamOptions>
{
    public string Name { get; } = OptionFormattingUtilities.Name<KafkaStreamOptions>(name);

    public IEnumerable<string> Format()
    {
        foreach (var property in typeof(KafkaStreamOptions).GetProperties()
            .Where(property => property.Name != nameof(KafkaStreamOptions.Client)))
        {
            yield return OptionFormattingUtilities.Format(
                property.Name, Convert.ToString(property.GetValue(options), CultureInfo.InvariantCulture));
        }

        yield return OptionFormattingUtilities.Format(nameof(KafkaStreamOptions.Client), string.Join(' ', options.Client.Keys));
    }

    /// <summary>Finds the formatter of a provider's options.</summary>
    internal sealed class Resolver(IOptionsMonitor<KafkaStreamOptions> options) : IOptionFormatterResolver<KafkaStreamOptions>
    {
        public IOptionFormatter<KafkaStreamOptions> Resolve(string name) => new KafkaOptionsFormatter(name, options.Get(name));
    }
}
