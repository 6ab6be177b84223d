using Microsoft.Extensions.Logging;

namespace Personalization.Kafka.Reading;

/// <content>What it says.</content>
public sealed partial class KafkaPartitionReader
{
    [LoggerMessage(Level = LogLevel.Information, Message =
        "Reading {Topic}/{Partition} from offset {Offset} (end {End}, committed {Committed}).")]
    private partial void LogStarted(string topic, int partition, long offset, long end, long? committed);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped reading {Topic}/{Partition}; committed {Committed}.")]
    private partial void LogStopped(string topic, int partition, long committed);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Reading {Topic}/{Partition} failed ({Reason}; {Failures} in a row); it is tried again.")]
    private partial void LogReadFailed(string topic, int partition, string reason, int failures);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Committing {Topic}/{Partition} failed ({Failures} in a row); it stays at {Committed} until the next try.")]
    private partial void LogCommitFailed(Exception failure, string topic, int partition, long committed, int failures);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "{Missing} offsets of {Topic}/{Partition} were gone before they were read; reading goes on at {Offset}. Raise the "
        + "topic's retention or the consumers' speed.")]
    private partial void LogMissing(string topic, int partition, long missing, long offset);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Reading {Topic}/{Partition} is paused: {Records} records and {Bytes} bytes wait to be done (caps: "
        + "'MaxBufferedRecords', 'MaxBufferedBytes').")]
    private partial void LogPaused(string topic, int partition, long records, long bytes);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Lane {Lane} of {Topic}/{Partition} took offset {Offset} and does not report it durable, so nothing beyond it is "
        + "committed. Does the grain attach an observer in OnSubscribed, and does it report to IDurableOffsets?")]
    private partial void LogStalled(string topic, int partition, int lane, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Topic}/{Partition} is read from offset {Offset}, where the stored state ends; the group had committed {Committed}. The store was "
        + "set back or lost.")]
    private partial void LogBehindGroup(string topic, int partition, long offset, long committed);
}
