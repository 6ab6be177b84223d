using System.Buffers;
using System.Collections.Concurrent;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;
using Personalization.Grains.Audit;
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

    private readonly ConcurrentDictionary<string, Unflushed> _unflushed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<LaneEvent>> _exposures = new(StringComparer.Ordinal);

    // Logins that got events while flushing, because a device said only then whose they are.
    private readonly ConcurrentDictionary<string, bool> _rerouted = new(StringComparer.Ordinal);

    /// <summary>Folds events, in the order of the log. If it throws, folding all of them again is right.</summary>
    public async Task FoldAsync(IReadOnlyList<LaneEvent> events)
    {
        var byPerson = events.GroupBy(entry => entry.Event.PersonId, StringComparer.Ordinal);
        foreach (var some in byPerson.Chunk(MostCalls))
        {
            await Task.WhenAll(some.Select(person => FoldAsync(person.Key, [.. person])));
        }
    }

    /// <summary>Has every profile touched since the last flush stored. When it returns, all that was folded before it is durable.</summary>
    public async Task FlushAsync()
    {
        foreach (var some in _exposures.Keys.ToArray().Chunk(MostCalls))
        {
            await Task.WhenAll(some.Select(ExposeAsync));
        }

        for (var people = _unflushed.Keys.ToArray(); people.Length > 0; people = [.. _rerouted.Keys])
        {
            _rerouted.Clear();
            foreach (var some in people.Where(_unflushed.ContainsKey).Chunk(MostCalls))
            {
                await Task.WhenAll(some.Select(FlushAsync));
            }
        }

        await sessions.FlushAsync();
    }

    private async Task FoldAsync(string person, LaneEvent[] events)
    {
        var unflushed = Of(person);
        var own = unflushed.From(person);
        try
        {
            var grain = Grain(person);
            var folded = await grain.ApplyAsync(SliceOf(events), Last(own));
            if (folded is null)
            {
                await RepeatOwnAsync(person, unflushed);
                folded = await grain.ApplyAsync(SliceOf(events), Last(own)) ?? throw Lost(person);
            }

            await PutOnRecordAsync(person, events, folded.Steps, folded.Owners);
            own.AddRange(events);
            await TakeAsync(person, events, folded, learns: true);
        }
        catch (UnreadableProfileException exception)
        {
            await SetAsideAsync(person, [.. own, .. events], exception);
        }
    }

    /// <summary>Does what follows from a profile's answer: learns, brings to logins what is theirs, and joins devices.</summary>
    private async Task TakeAsync(string person, LaneEvent[] events, FoldedSlice folded, bool learns)
    {
        if (learns)
        {
            Learn(events, folded.Steps);
        }

        for (var first = 0; first < events.Length;)
        {
            var owner = folded.Owners?[first];
            var end = first + 1;
            while (end < events.Length && folded.Owners?[end] == owner)
            {
                end++;
            }

            var run = events[first..end];
            first = end;
            if (owner is null)
            {
                Of(person).Folded = run[^1].Position;
            }
            else
            {
                await FoldGuestAsync(owner, person, run, learns);
            }

            foreach (var entry in run)
            {
                await JoinAsync(owner ?? person, entry);
            }
        }
    }

    private async Task FoldGuestAsync(string login, string device, LaneEvent[] events, bool learns)
    {
        var unflushed = Of(login);
        var brought = unflushed.From(device);
        if (events[^1].Position <= Last(brought))
        {
            // They come again, and whatever the login lacks of them is brought with the rest.
            return;
        }

        try
        {
            var grain = Grain(login);
            var steps = await grain.ApplyGuestAsync(device, SliceOf(events), Last(brought));
            if (steps is null)
            {
                await grain.ApplyGuestAsync(device, SliceOf(brought), after: 0);
                steps = await grain.ApplyGuestAsync(device, SliceOf(events), Last(brought)) ?? throw Lost(login);
            }

            await PutOnRecordAsync(login, events, steps, owners: null);
            brought.AddRange(events);
            if (learns)
            {
                Learn(events, steps);
            }
            else
            {
                _rerouted[login] = true;
            }
        }
        catch (UnreadableProfileException exception)
        {
            await setAside([.. brought, .. events], exception.Message);
            unflushed.Events.TryRemove(device, out _);
        }
    }

    private async Task JoinAsync(string login, LaneEvent entry)
    {
        var source = entry.Event;
        if (source is { Exposures.Count: > 0, AnonymousId: { } shownOn } && shownOn != source.PersonId)
        {
            _exposures.GetOrAdd(shownOn, _ => []).Enqueue(entry);
        }

        if (IdentityRules.DeviceOf(source) is not { } device || device == login)
        {
            return;
        }

        try
        {
            await JoinAsync(login, device, source.Timestamp);
        }
        catch (UnreadableProfileException exception)
        {
            // The event itself is folded; what is set aside is the link that it makes.
            await setAside([entry], exception.Message);
        }
    }

    private async Task JoinAsync(string login, string device, long at)
    {
        var joining = await Grain(device).DetachAsync(login, at);
        if (joining is { IsOwner: false, Parcel: null })
        {
            return;
        }

        var unflushed = Of(login);
        await Grain(login).AttachAsync(device, joining);
        if (joining.Parcel is not null)
        {
            unflushed.Joined[device] = at;
        }

        if (joining.Previous is { } previous)
        {
            await Grain(previous).ReleaseAsync(device);
            Of(previous);
        }
    }

    private async Task ExposeAsync(string device)
    {
        var exposures = _exposures[device];
        var brought = exposures.ToArray();
        try
        {
            await Grain(device).ExposeAsync(SliceOf(brought));
        }
        catch (UnreadableProfileException)
        {
            // The login, which the impressions went to, knows what was shown; the device can't.
        }

        foreach (var _ in brought)
        {
            exposures.TryDequeue(out var _);
        }

        if (exposures.IsEmpty)
        {
            _exposures.TryRemove(device, out _);
        }
    }

    /// <summary>Puts choices on record before the profile is stored, so that after a crash they come again, and are on record once.</summary>
    private async Task PutOnRecordAsync(string person, LaneEvent[] events, FoldedStep[] steps, string?[]? owners)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            var (source, position) = events[i];
            if (source.Type != EventTypes.Consent || owners?[i] is not null)
            {
                continue;
            }

            // Of an event that came before nobody knows what it changed: it says what was chosen, and if it is on record it stays so.
            var changed = steps[i].IsRepeated ? source.Consent.Named : (Purposes)steps[i].ConsentChanged;
            if (changed != Purposes.None)
            {
                await grains.PutOnRecordAsync(AuditDrafts.Of(person, source, changed, position), source.PersonId);
            }
        }
    }

    private async Task FlushAsync(string person)
    {
        var unflushed = _unflushed[person];
        var counts = unflushed.Events.ToDictionary(source => source.Key, source => source.Value.Count);
        var joined = unflushed.Joined.Keys.ToArray();
        try
        {
            if (!await Grain(person).FlushAsync(unflushed.GoalFor(person, counts)))
            {
                await RepeatAsync(person, unflushed);
                if (!await Grain(person).FlushAsync(unflushed.GoalFor(person, counts)))
                {
                    throw Lost(person);
                }
            }
        }
        catch (UnreadableProfileException exception)
        {
            await SetAsideAsync(person, [.. unflushed.Events.Values.SelectMany(events => events)], exception);
            return;
        }

        foreach (var device in joined)
        {
            // Only now may the device throw away what it held.
            await Grain(device).ForgetAsync(person);
            unflushed.Joined.TryRemove(device, out _);
        }

        unflushed.Remove(counts);
        if (unflushed.IsEmpty)
        {
            _unflushed.TryRemove(person, out _);
        }
    }

    /// <summary>Brings everything since the last flush again, to an activation that began from the store.</summary>
    private async Task RepeatAsync(string person, Unflushed unflushed)
    {
        await RepeatOwnAsync(person, unflushed);
        foreach (var (source, brought) in unflushed.Events.Where(source => source.Key != person && source.Value.Count > 0))
        {
            await Grain(person).ApplyGuestAsync(source, SliceOf([.. brought]), after: 0);
        }

        foreach (var (device, at) in unflushed.Joined)
        {
            await JoinAsync(person, device, at);
        }
    }

    private async Task RepeatOwnAsync(string person, Unflushed unflushed)
    {
        LaneEvent[] events = [.. unflushed.From(person)];
        if (events.Length > 0)
        {
            // It may say by now that some of them belong to a login.
            unflushed.Folded = 0;
            var folded = await Grain(person).ApplyAsync(SliceOf(events), after: 0);
            await TakeAsync(person, events, folded!, learns: false);
        }
    }

    private async Task SetAsideAsync(string person, LaneEvent[] events, UnreadableProfileException exception)
    {
        await setAside(events, exception.Message);
        _unflushed.TryRemove(person, out _);
    }

    private void Learn(LaneEvent[] events, FoldedStep[] steps)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            if ((steps[i].Applied && !steps[i].IsAutomated) || events[i].Event.Type == EventTypes.Erase)
            {
                sessions.Record(events[i].Event);
            }

            knowledge.Learn(events[i].Event, new FoldOutcome(steps[i].Applied, Number(steps[i].Item), Number(steps[i].Previous))
            {
                IsAutomated = steps[i].IsAutomated,
            });
        }
    }

    private IUserProfileGrain Grain(string id) => grains.GetGrain<IUserProfileGrain>(id);

    private Unflushed Of(string person) => _unflushed.GetOrAdd(person, _ => new Unflushed());

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
