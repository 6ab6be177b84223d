using Confluent.Kafka;

namespace Personalization.Kafka.Reading;

/// <summary>Does what must be done for the commit to go on, again and again until the brokers took it.</summary>
internal static class Retrying
{
    public static async Task UntilDoneAsync(
        Func<Task> work, KafkaStreamOptions options, TimeProvider time, Action<Exception, int> tell, CancellationToken cancellation)
    {
        var delay = new RetryDelay(options.MaxRetryDelay);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                await work().ConfigureAwait(false);
                return;
            }
            catch (KafkaException failure)
            {
                var pause = delay.Fail();
                if (delay.IsWorthALine)
                {
                    tell(failure, delay.Failures);
                }

                await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
            }
        }
    }
}
