using Personalization.Node.Storage;

namespace Personalization.Node.Kafka;

/// <summary>The names under which a data folder keeps how far it has folded which log.</summary>
internal static class FeedMarks
{
    /// <summary>What all names begin with that tell of topics.</summary>
    public const string Prefix = "kafka/";

    /// <summary>Gets what the names begin with that tell of one topic.</summary>
    public static string Of(string topic) => $"{Prefix}{topic}/";

    /// <summary>Refuses to fold one log onto profiles that are folds of another: how far the one is folded says nothing of the other.</summary>
    /// <exception cref="StorageException">The folder belongs to another log; the message says which.</exception>
    public static void Check(Database database, string logFolder, KafkaAddress? address)
    {
        var marks = database.ReadMarks(Prefix).Keys;
        var other = marks.FirstOrDefault(mark => address is null || !mark.StartsWith(Of(address.Topic), StringComparison.Ordinal));
        if (other is not null)
        {
            var topic = other[Prefix.Length..].Split('/')[0];
            throw new StorageException(
                $"--events: the profiles in this folder are folds of topic '{topic}'. Start with --events kafka://HOST:PORT/{topic}, "
                + $"or choose "
                + "another folder with --data.");
        }

        var hasOwnLog = database.CheckpointPosition > 0 || (Directory.Exists(logFolder) && SegmentFile.List(logFolder).Count > 0);
        if (address is not null && hasOwnLog && !marks.Any())
        {
            throw new StorageException(
                $"--events: the profiles in this folder are folds of its own log, and not of topic '{address.Topic}'. Start without "
                + $"--events, "
                + "or choose another folder with --data.");
        }
    }
}
