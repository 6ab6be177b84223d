using System.Buffers;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Grains.Learning;
using Personalization.Grains.Profiles;

namespace Personalization.Grains.Lanes;

/// <summary>Brings a lane's events to the profiles they belong to: each person's in order, many people at once.</summary>
/// <remarks>One lane has one of these. It remembers whom it brought something to since the last flush.</remarks>
public sealed class LaneFolder(IGrainFactory grains, SharedKnowledge knowledge, Vocabulary words)
{
    // Calls under way at once: enough to keep other silos busy, too few to flood them.
    private const int MostCalls = 64;

    private readonly HashSet<string> _unflushed = new(StringComparer.Ordinal);

    /// <summary>Gets whether anything was folded since the last flush.</summary>
    public bool IsDirty => _unflushed.Count > 0;

    /// <summary>Folds events, in the order of the log. If it throws, folding all of them again is right.</summary>
    public async Task FoldAsync(IReadOnlyList<LaneEvent> events)
    {
        var byPerson = events.GroupBy(entry => entry.Event.PersonId, StringComparer.Ordinal).ToArray();
        foreach (var person in byPerson)
        {
            _unflushed.Add(person.Key);
        }

        foreach (var some in byPerson.Chunk(MostCalls))
        {
            await Task.WhenAll(some.Select(person => FoldAsync(person.Key, [.. person])));
        }
    }

    /// <summary>Has every profile touched since the last flush stored. When it returns, all that was folded is durable.</summary>
    public async Task FlushAsync()
    {
        foreach (var some in _unflushed.ToArray().Chunk(MostCalls))
        {
            await Task.WhenAll(some.Select(person => grains.GetGrain<IUserProfileGrain>(person).FlushAsync().AsTask()));
            _unflushed.ExceptWith(some);
        }
    }

    private async Task FoldAsync(string person, LaneEvent[] events)
    {
        var steps = await grains.GetGrain<IUserProfileGrain>(person).ApplyAsync(SliceOf(events));
        for (var i = 0; i < steps.Length; i++)
        {
            knowledge.Learn(events[i].Event, new FoldOutcome(steps[i].Applied, Number(steps[i].Item), Number(steps[i].Previous)));
        }
    }

    /// <summary>Packs events of one person.</summary>
    public static LogSlice SliceOf(IReadOnlyList<LaneEvent> events)
    {
        var bytes = new ArrayBufferWriter<byte>(events.Count * 128);
        foreach (var entry in events)
        {
            EventCodec.Write(bytes, entry.Event);
        }

        return new LogSlice(bytes.WrittenSpan.ToArray(), [.. events.Select(entry => entry.Position)]);
    }

    private int Number(string? word) => word is null ? -1 : words.Number(word);
}
