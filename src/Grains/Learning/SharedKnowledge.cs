using Personalization.Core;
using Personalization.Core.Catalog;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Core.Recommend;

namespace Personalization.Grains.Learning;

/// <summary>This process's copy of what everybody learned, and what it learned itself and has not shared yet.</summary>
public sealed partial class SharedKnowledge(IGrainFactory grains, Vocabulary words, ILogger<SharedKnowledge> logger)
{
    /// <summary>Into how many grains the items are divided.</summary>
    public const int Shards = 16;

    private readonly Lock _gate = new();
    private readonly LearningVersion[] _versions = new LearningVersion[Shards];
    private readonly Queue<(int Shard, byte[] Delta)> _unshared = new();
    private LearningDelta _learned = new();

    /// <summary>Gets what decisions read.</summary>
    public ItemKnowledge Knowledge { get; } = new(words);

    /// <summary>Learns from a folded event. Any thread.</summary>
    public void Learn(Event source, FoldOutcome outcome)
    {
        lock (_gate)
        {
            _learned.Learn(source, outcome);
        }
    }

    /// <summary>Sends what was learned here and fetches what was learned elsewhere. One caller at a time.</summary>
    public async Task ExchangeAsync(ItemCatalog catalog)
    {
        Gather();
        await ShareAsync();
        await Task.WhenAll(Enumerable.Range(0, Shards).Select(FetchAsync));
        Knowledge.Refresh(catalog);
    }

    private void Gather()
    {
        LearningDelta learned;
        lock (_gate)
        {
            if (_learned.IsEmpty)
            {
                return;
            }

            (learned, _learned) = (_learned, new LearningDelta());
        }

        var parts = learned.Split(Shards, words);
        for (var shard = 0; shard < Shards; shard++)
        {
            if (parts[shard].Length > 0)
            {
                _unshared.Enqueue((shard, parts[shard]));
            }
        }
    }

    private async Task ShareAsync()
    {
        for (var left = _unshared.Count; left > 0; left--)
        {
            var (shard, delta) = _unshared.Peek();
            try
            {
                await grains.GetGrain<ILearningShardGrain>(shard).MergeAsync(delta);
                _unshared.Dequeue();
            }
#pragma warning disable CA1031 // What could not be shared now is shared next time.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogNotShared(exception, _unshared.Count);
                return;
            }
        }
    }

    private async Task FetchAsync(int shard)
    {
        try
        {
            var learned = await grains.GetGrain<ILearningShardGrain>(shard).ReadSinceAsync(_versions[shard]);
            _versions[shard] = learned.Version;
            lock (Knowledge)
            {
                for (var i = 0; i < learned.Items.Length; i++)
                {
                    if (words.Number(learned.Items[i]) is >= 0 and var item)
                    {
                        Knowledge.Restore(ItemStatistics.Read(item, learned.States[i], words));
                    }
                }
            }
        }
#pragma warning disable CA1031 // Decisions go on with what was known before.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotFetched(exception, shard);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was learned could not be shared; {Count} parts wait.")]
    private partial void LogNotShared(Exception exception, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What others learned could not be fetched from part {Shard}.")]
    private partial void LogNotFetched(Exception exception, int shard);
}
