using System.Buffers;
using Personalization.Core;
using Personalization.Core.Recommend;

namespace Personalization.Node.HotState;

/// <summary>What was learned of an item, as checkpoints see it.</summary>
internal sealed class ItemSlot(ItemStatistics statistics, Vocabulary words) : Tracked
{
    public string Id => words[statistics.Item];

    public override void Write(IBufferWriter<byte> output) => statistics.Write(output, words);
}
