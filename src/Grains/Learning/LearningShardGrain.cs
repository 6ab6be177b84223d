using System.Buffers;
using Personalization.Core;
using Personalization.Core.Recommend;
using Personalization.Grains.Storage;

namespace Personalization.Grains.Learning;

/// <summary>Merges what processes learned about its items, and stores it behind.</summary>
internal sealed class LearningShardGrain(
    [PersistentState("learning", Stores.State)] IPersistentState<StoredBytes> state, Vocabulary words) : Grain, ILearningShardGrain
{
    private static readonly TimeSpan StoreInterval = TimeSpan.FromSeconds(5);

    private readonly Guid _activation = Guid.NewGuid();
    private readonly ItemKnowledge _knowledge = new(words);
    private readonly Dictionary<int, long> _changedIn = [];
    private long _version;
    private long _stored;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var statistics in LearnedCodec.Read(state.State.Bytes, words))
        {
            _knowledge.Restore(statistics);
            _changedIn[statistics.Item] = 0;
        }

        this.RegisterGrainTimer(_ => StoreAsync(), new GrainTimerCreationOptions(StoreInterval, StoreInterval));
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => StoreAsync();

    public ValueTask MergeAsync(byte[] delta)
    {
        _version++;
        _knowledge.Merge(LearningDelta.Read(delta, words), statistics => _changedIn[statistics.Item] = _version);
        return default;
    }

    public ValueTask<LearnedItems> ReadSinceAsync(LearningVersion version)
    {
        var since = version.Activation == _activation ? version.Number : -1;
        var changed = _changedIn.Where(entry => entry.Value > since).Select(entry => entry.Key).ToArray();
        var buffer = new ArrayBufferWriter<byte>();
        return new(new LearnedItems(
            new LearningVersion(_activation, _version),
            [.. changed.Select(item => words[item])],
            [.. changed.Select(item => LearnedCodec.Bytes(_knowledge.Find(item)!, buffer, words))]));
    }

    private async Task StoreAsync()
    {
        if (_stored == _version)
        {
            return;
        }

        var version = _version;
        state.State.Bytes = LearnedCodec.Write(_changedIn.Keys.Select(item => _knowledge.Find(item)!), words);
        await state.WriteStateAsync();
        _stored = version;
    }
}
