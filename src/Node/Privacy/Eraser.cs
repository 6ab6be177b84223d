using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using Personalization.Core;
using Personalization.Core.Events;
using Personalization.Core.Privacy;
using Personalization.Node.Decisions;
using Personalization.Node.HotState;
using Personalization.Node.Ingestion;
using Personalization.Node.Storage;
using Personalization.Node.Training;

namespace Personalization.Node.Privacy;

/// <summary>Erases people, one slice after another, so that a kill at any point leaves nothing undone: the next start goes on.</summary>
/// <remarks>
/// <para>
/// Whom to erase is noted in the database first. Then a mark for each goes through the log like an event: where it is folded the
/// profile is gone, in order with everything else, also when the log is folded again. The checkpoint that holds the mark deletes the row
/// and notes so in the same transaction. After it the log is dropped, and decisions, training sessions and at last the note itself are
/// deleted; then the file is scrubbed.
/// </para>
/// <para>Each step can be done again. Whom a mark was folded for is not marked again: what came after the mark is a new profile.</para>
/// </remarks>
internal sealed partial class Eraser : IDisposable
{
    private const int PeopleAtOnce = 2000;

    private static readonly ActivitySource Steps = new("Personalization.Erasure");
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReaderPatience = TimeSpan.FromMilliseconds(5);

    private readonly Database _database;
    private readonly CommitQueue _queue;
    private readonly Checkpointer _checkpointer;
    private readonly DecisionLog _decisions;
    private readonly SessionRecorder _training;
    private readonly TimeProvider _time;
    private readonly ILogger<Eraser> _logger;
    private readonly HashSet<(string Erasure, string Person)> _replayed;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _work = new(1);
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public Eraser(
        Database database,
        CommitQueue queue,
        Checkpointer checkpointer,
        ProfileDirectory profiles,
        DecisionLog decisions,
        SessionRecorder training,
        TimeProvider time,
        ILogger<Eraser> logger)
    {
        _database = database;
        _queue = queue;
        _checkpointer = checkpointer;
        _decisions = decisions;
        _training = training;
        _time = time;
        _logger = logger;
        _replayed = [.. profiles.Erased.Select(erased => (erased.Erasure, erased.Id))];
    }

    /// <summary>Goes on with what the last process left, then waits for more.</summary>
    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Notes whom to erase; when it returns that is on disk.</summary>
    public Erasure Begin(IReadOnlyCollection<string> people)
    {
        var id = Note(people);
        _work.Release();
        return _database.FindErasure(id)!;
    }

    /// <summary>Erases people and waits until nothing is left of them.</summary>
    public async Task<Erasure> EraseAsync(IReadOnlyCollection<string> people, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = Note(people, done);
        try
        {
            _work.Release();
            await done.Task.WaitAsync(cancellation);
            return _database.FindErasure(id)!;
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    public Erasure? Find(string id) => _database.FindErasure(id);

    public void Dispose()
    {
        _stop.Cancel();
        _running.Wait();
        foreach (var waiting in _waiting.Values)
        {
            waiting.TrySetException(Unfinished("The server is stopping.", null));
        }

        _stop.Dispose();
        _work.Dispose();
    }

    private string Note(IReadOnlyCollection<string> people, TaskCompletionSource? done = null)
    {
        var id = Guid.CreateVersion7().ToString("N");
        if (done is not null)
        {
            _waiting[id] = done;
        }

        try
        {
            _database.BeginErasure(id, [.. people.Distinct(StringComparer.Ordinal)], _time.GetUtcNow().ToUnixTimeMilliseconds());
            return id;
        }
        catch (StorageUnavailableException exception)
        {
            _waiting.TryRemove(id, out _);
            throw new UnavailableException(exception.Message, RetryAfter, exception);
        }
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _work.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                while (!_stop.IsCancellationRequested && await EraseSomeAsync())
                {
                }
            }
#pragma warning disable CA1031 // The note stays, and the next try goes on where this one ended.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (_stop.IsCancellationRequested)
                {
                    return;
                }

                LogNotErased(exception);
                foreach (var waiting in _waiting.Values)
                {
                    waiting.TrySetException(Unfinished(exception.Message, exception));
                }

                await Task.Delay(RetryAfter, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                _work.Release();
            }
        }
    }

    private async Task<bool> EraseSomeAsync()
    {
        var people = _database.ReadErasurePeople(PeopleAtOnce);
        if (people.Count > 0)
        {
            Begin("mark");
            await MarkAsync([.. people.Where(person => person.Folded == 0 && !_replayed.Contains((person.Erasure, person.Id)))]);
            Begin("log");
            await _checkpointer.DropLogAsync();
            Begin("decisions");
            var decisions = await _decisions.EraseAsync(people.Select(person => person.Id).ToHashSet(StringComparer.Ordinal));
            Begin("training");
            var sessions = EraseTraining(people);
            Begin("forget");
            Forget(people, decisions, sessions);
        }

        if (_database.HasForgottenErasure())
        {
            Begin("scrub");
            await ScrubAsync();
            Begin("finish");
            foreach (var finished in _database.FinishErasures(_time.GetUtcNow().ToUnixTimeMilliseconds()))
            {
                if (_waiting.TryGetValue(finished, out var waiting))
                {
                    waiting.TrySetResult();
                }
            }
        }

        return people.Count > 0;
    }

    private async Task MarkAsync(PendingErasure[] people)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var some in people.Chunk(EventLimits.BatchEvents))
        {
            var marks = some.Select(person => Event.Erasing(person.Id, person.Erasure, now)).ToArray();
            var bytes = new ArrayBufferWriter<byte>();
            foreach (var mark in marks)
            {
                EventCodec.Write(bytes, mark);
            }

            var batch = new PendingBatch(marks, bytes, dropped: 0, rejected: []);
            if (!_queue.TryPut(batch))
            {
                throw new StorageUnavailableException("Too many events are waiting for the disk.");
            }

            await batch.Done;
            Array.ForEach(some, person => _replayed.Add((person.Erasure, person.Id)));
        }
    }

    private int[] EraseTraining(IReadOnlyList<PendingErasure> people)
    {
        var pseudonyms = people.Select(person => _training.PseudonymsOf(person.Id)).ToArray();
        var deleted = _database.DeleteTrainingSessions([.. pseudonyms.SelectMany(some => some)]);
        var each = new int[people.Count];
        for (int person = 0, at = 0; person < each.Length; person++)
        {
            each[person] = deleted.Skip(at).Take(pseudonyms[person].Count).Sum();
            at += pseudonyms[person].Count;
        }

        return each;
    }

    private void Forget(IReadOnlyList<PendingErasure> people, IReadOnlyDictionary<string, int> decisions, int[] sessions)
    {
        // Read again: whether there was a profile was not known before the checkpoint.
        var folded = _database.ReadErasurePeople(PeopleAtOnce).ToDictionary(person => (person.Erasure, person.Id), person => person.Folded);
        _database.ForgetErasurePeople([.. people.Select((person, i) => (person, new ErasedCounts(
            folded.GetValueOrDefault((person.Erasure, person.Id)) == PendingErasure.FoldedKnown ? 1 : 0,
            decisions.GetValueOrDefault(person.Id),
            sessions[i])))]);
        foreach (var person in people)
        {
            _replayed.Remove((person.Erasure, person.Id));
        }
    }

    private async Task ScrubAsync()
    {
        while (!_database.Scrub())
        {
            await Task.Delay(ReaderPatience, _time, _stop.Token);
        }
    }

    private static UnavailableException Unfinished(string why, Exception? inner) => new(
        $"The erasure is noted and not finished: {why.TrimEnd('.')}. It goes on by itself, also after a restart.", RetryAfter, inner);

    // A span for each step, for whoever traces.
    private static void Begin(string step) => Steps.StartActivity($"erase.{step}")?.Dispose();

    [LoggerMessage(Level = LogLevel.Error, Message = "People could not be erased yet; it is tried again.")]
    private partial void LogNotErased(Exception exception);
}
