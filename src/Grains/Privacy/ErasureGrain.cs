using Personalization.Core.DeadLetters;
using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Grains.Audit;
using Personalization.Grains.Lanes;
using Personalization.Grains.Profiles;
using Personalization.Grains.Storage;

namespace Personalization.Grains.Privacy;

/// <summary>Erases people across the cluster, some at a time. What it has done is stored, and a reminder goes on with the rest on any silo.</summary>
/// <remarks>
/// A mark for each person goes through the log; where the lane folds it the profile is gone, after all that came before it and before
/// all that comes after. So a log that is read again erases again. Then the decisions and training sessions are deleted, which by then
/// nobody can add to.
/// </remarks>
internal sealed partial class ErasureGrain(
    [PersistentState("erasure", Stores.State)] IPersistentState<StoredBytes> state,
    IEventAppender log,
    IDecisionMemory decisions,
    ITrainingMemory training,
    IAuditStore audit,
    IDeadLetterStore deadLetters,
    TimeProvider time,
    ILogger<ErasureGrain> logger) : Grain, IErasureGrain
{
    private const string Reminder = "erase";
    private const int PeopleAtOnce = 64;

    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan KeepFinished = TimeSpan.FromDays(30);
    private static readonly TimeSpan LanePoll = TimeSpan.FromMilliseconds(50);

    private ErasureRecord? _record;
    private bool _isWorking;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _record = ErasureRecord.Read(state.State.Bytes);
        return Task.CompletedTask;
    }

    public async ValueTask<ErasureStatus> BeginAsync(string[] people)
    {
        if (_record is null)
        {
            // The reminder first: what is noted must not be forgotten.
            await this.RegisterOrUpdateReminder(Reminder, Again, Again);
            var begun = new ErasureRecord
            {
                RequestedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
                Total = people.Length,
                People = [.. people.Select(person => new ErasurePerson(person, 0, WasKnown: false))],
            };
            await StoreAsync(begun);
        }

        Work();
        return _record!.ToStatus();
    }

    public ValueTask<ErasureStatus?> FindAsync() => new(_record?.ToStatus());

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_record is { FinishedAt: 0 })
        {
            Work();
            return;
        }

        // Nothing was ever stored, or it was finished long ago.
        await state.ClearStateAsync();
        if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }

        DeactivateOnIdle();
    }

    // Not awaited: it goes on between the calls to this grain, on its own scheduler.
    private void Work()
    {
        if (!_isWorking && _record is { FinishedAt: 0 })
        {
            _isWorking = true;
            _ = WorkAsync();
        }
    }

    private async Task WorkAsync()
    {
        try
        {
            while (_record!.People.Count > 0)
            {
                DelayDeactivation(Again * 2);
                await EraseSomeAsync();
            }

            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            await GrainFactory.PutOnRecordAsync(AuditDrafts.Of(_record.ToStatus().ToErasure(this.GetPrimaryKeyString()), now));
            await this.RegisterOrUpdateReminder(Reminder, KeepFinished, KeepFinished);
            await StoreAsync(_record with
            {
                FinishedAt = now,
                Remains = await log.RemaindersAsync(),
            });
        }
#pragma warning disable CA1031 // What is done is stored; the reminder goes on with the rest.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogInterrupted(exception);
        }
        finally
        {
            _isWorking = false;
        }
    }

    private async Task EraseSomeAsync()
    {
        var some = _record!.People.Take(PeopleAtOnce).ToArray();
        if (some.Any(person => person.Position == 0))
        {
            some = await MarkAsync(some);
            await StoreAsync(_record with { People = [.. some, .. _record.People.Skip(some.Length)] });
        }

        var erased = await Task.WhenAll(some.Select(EraseAsync));
        await StoreAsync(_record with
        {
            People = [.. _record.People.Skip(some.Length)],
            Erased = erased.Aggregate(_record.Erased, (sum, one) => sum + one),
        });
    }

    private async Task<ErasurePerson[]> MarkAsync(ErasurePerson[] people)
    {
        var known = await Task.WhenAll(people.Select(async person => await GrainOf(person).PrepareErasureAsync()));
        var marks = people.Select(person => Mark(person)).ToArray();
        var positions = await log.AppendAsync(marks, CancellationToken.None);
        return [.. people.Select((person, i) => person.Position > 0 ? person : person with { Position = positions[i], WasKnown = known[i] })];
    }

    private async Task<ErasedCounts> EraseAsync(ErasurePerson person)
    {
        var grain = GrainOf(person);
        await grain.HandOverAsync(LaneFolder.SliceOf([new LaneEvent(Mark(person), person.Position)]));

        // The lane brings the mark, in order; then the store holds nothing of the person.
        var stored = new FlushGoal(person.Position, 0, [], [], []);
        while (!await grain.FlushAsync(stored))
        {
            await Task.Delay(LanePoll, time);
        }

        await deadLetters.RemoveAsync(new DeadLetterFilter { Person = person.Id }, CancellationToken.None);
        await audit.DestroySaltAsync(AuditShards.Of(person.Id), person.Id, CancellationToken.None);
        return new ErasedCounts(person.WasKnown ? 1 : 0, await decisions.EraseAsync(person.Id), await training.EraseAsync(person.Id));
    }

    private async Task StoreAsync(ErasureRecord record)
    {
        state.State.Bytes = record.Write();
        await state.WriteStateAsync();
        _record = record;
    }

    private Event Mark(ErasurePerson person) => Event.Erasing(person.Id, this.GetPrimaryKeyString(), _record!.RequestedAt);

    private IUserProfileGrain GrainOf(ErasurePerson person) => GrainFactory.GetGrain<IUserProfileGrain>(person.Id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An erasure was interrupted; it goes on within a minute or two.")]
    private partial void LogInterrupted(Exception exception);
}
