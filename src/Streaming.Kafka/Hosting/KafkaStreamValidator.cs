using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Personalization.Kafka;
using Personalization.Kafka.Durability;

namespace Personalization.Streaming.Kafka.Hosting;

/// <summary>Fails a silo's start before it joins, where the options can't work.</summary>
internal sealed class KafkaStreamValidator(string name, IServiceProvider services) : IConfigurationValidator
{
    public void ValidateConfiguration()
    {
        var options = services.GetRequiredService<IOptionsMonitor<KafkaStreamOptions>>().Get(name);
        try
        {
            KafkaOptionsCheck.Check(name, options);
        }
        catch (KafkaOptionsException wrong)
        {
            throw new OrleansConfigurationException(wrong.Message, wrong);
        }

        if (options.CommitWhen == KafkaCommit.Durable
            && services.GetKeyedService<IDurableOffsets>(name) is null && services.GetService<IDurableOffsets>() is null)
        {
            throw new OrleansConfigurationException(
                $"Kafka streams '{name}': 'CommitWhen' is Durable, but no IDurableOffsets is registered; call UseDurableOffsets.");
        }

        var agent = services.GetRequiredService<IOptionsMonitor<StreamPullingAgentOptions>>().Get(name);
        if (agent.BatchContainerBatchSize != 1)
        {
            throw new OrleansConfigurationException(
                $"Kafka streams '{name}': 'BatchContainerBatchSize' must be 1. With more, the agent moves past batches that it has not "
                + "delivered. Raise 'MaxBatchRecords' instead.");
        }
    }
}
