using System.Buffers;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Profiles;
using Personalization.Grains.Learning;
using Personalization.Grains.Profiles;

namespace Personalization.Grains.Lanes;

/// <summary>Brings a lane's events to the profiles they belong to: each person's in order, many people at once.</summary>
/// <remarks>
/// One lane has one of these. It keeps what it brought since the last flush, because until then a profile's activation may be lost with
/// it and another one lack it.
/// </remarks>
/// <param name="grains">The profiles.</param>
/// <param name="knowledge">What learns from folding.</param>
/// <param name="sessions">What records for training.</param>
/// <param name="words">The words.</param>
/// <param name="setAside">Keeps events, for the reason given, whose profile can't be read, so that one person does not hold up a lane.</param>
public sealed class LaneFolder(
    IGrainFactory grains, SharedKnowledge knowledge, LaneSessions sessions, Vocabulary words, Func<IReadOnlyList<LaneEvent>, string, Task> setAside)
{
    // Calls under way at once: enough to keep other silos busy, too few to flood them.
    private const int MostCalls = 64;

    private readonly Dictionary<string, List<LaneEvent>> _unflushed = new(StringComparer.Ordinal);

    /// <summary>Folds events, in the order of the log. If it throws, folding all of them again is right.</summary>
    public async Task FoldAsync(IReadOnlyList<LaneEvent> events)
    {
        var byPerson = events.GroupBy(entry => entry.Event.PersonId, StringComparer.Ordinal);
        foreach (var some in byPerson.Chunk(MostCalls))
        {
            await Task.WhenAll(some.Select(person => FoldAsync(person.Key, Unflushed(person.Key), [.. person])));
        }
    }

    /// <summary>Has every profile touched since the last flush stored. When it returns, all that was folded before it is durable.</summary>
    public async Task FlushAsync()
    {
        foreach (var some in _unflushed.Keys.ToArray().Chunk(MostCalls))
        {
            await Task.WhenAll(some.Select(FlushAsync));
        }

        await sessions.FlushAsync();
    }

    private async Task FoldAsync(string person, List<LaneEvent> unflushed, LaneEvent[] events)
    {
        try
        {
            await FoldReadableAsync(person, unflushed, events);
        }
        catch (UnreadableProfileException exception)
        {
            await SetAsideAsync(person, [.. unflushed, .. events], exception);
        }
    }

    private async Task FoldReadableAsync(string person, List<LaneEvent> unflushed, LaneEvent[] events)
    {
        var grain = grains.GetGrain<IUserProfileGrain>(person);
        var steps = await grain.ApplyAsync(SliceOf(events), Last(unflushed));
        if (steps is null)
        {
            await RepeatAsync(grain, unflushed);
            steps = await grain.ApplyAsync(SliceOf(events), Last(unflushed)) ?? throw Lost(person);
        }

        unflushed.AddRange(events);
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].Applied || events[i].Event.Type == EventTypes.Erase)
            {
                await sessions.RecordAsync(events[i].Event);
            }

            knowledge.Learn(events[i].Event, new FoldOutcome(steps[i].Applied, Number(steps[i].Item), Number(steps[i].Previous)));
        }
    }

    private async Task FlushAsync(string person)
    {
        var unflushed = _unflushed[person];
        try
        {
            await FlushReadableAsync(person, unflushed);
        }
        catch (UnreadableProfileException exception)
        {
            await SetAsideAsync(person, [.. unflushed], exception);
        }
    }

    private async Task SetAsideAsync(string person, LaneEvent[] events, UnreadableProfileException exception)
    {
        await setAside(events, exception.Message);
        _unflushed.Remove(person);
    }

    private async Task FlushReadableAsync(string person, List<LaneEvent> unflushed)
    {
        var count = unflushed.Count;
        var through = Last(unflushed);
        var grain = grains.GetGrain<IUserProfileGrain>(person);
        if (!await grain.FlushAsync(through))
        {
            await RepeatAsync(grain, unflushed);
            if (!await grain.FlushAsync(through))
            {
                throw Lost(person);
            }
        }

        // Events folded while the profile was being stored wait for the next flush.
        unflushed.RemoveRange(0, count);
        if (unflushed.Count == 0)
        {
            _unflushed.Remove(person);
        }
    }

    /// <summary>Brings everything since the last flush again, to an activation that began from the store.</summary>
    private static async Task RepeatAsync(IUserProfileGrain grain, List<LaneEvent> unflushed) => await grain.ApplyAsync(SliceOf(unflushed), after: 0);

    private List<LaneEvent> Unflushed(string person)
    {
        if (!_unflushed.TryGetValue(person, out var unflushed))
        {
            _unflushed[person] = unflushed = [];
        }

        return unflushed;
    }

    private static long Last(List<LaneEvent> events) => events.Count == 0 ? 0 : events[^1].Position;

    private static InvalidOperationException Lost(string person) =>
        new($"The profile grain of a person ({Core.StableHash.Of(person):x}) changes places faster than it can be told what it missed; the batch comes again.");

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
