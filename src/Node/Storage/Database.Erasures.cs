using Personalization.Core.Privacy;

namespace Personalization.Node.Storage;

/// <content>Erasures: whom they are still to erase, and how far each is.</content>
internal sealed partial class Database
{
    // How long it can be found out that an erasure was finished; it names nobody.
    private const long KeepFinishedMilliseconds = 30L * 86_400_000;

    /// <summary>Notes that people are to be erased. When it returns that is on disk.</summary>
    public void BeginErasure(string erasure, IReadOnlyCollection<string> people, long now)
    {
        lock (_writing)
        {
            InTransaction(() =>
            {
                Prepare("DELETE FROM erasures WHERE finished > 0 AND finished < ?1").Bind(1, now - KeepFinishedMilliseconds).Run();
                Prepare("INSERT INTO erasures(id, requested, finished, total, done, profiles, decisions, sessions) VALUES(?1, ?2, 0, ?3, 0, 0, 0, 0)")
                    .Bind(1, erasure).Bind(2, now).Bind(3, people.Count).Run();
                var insert = Prepare("INSERT INTO erasure_people(erasure, person, folded) VALUES(?1, ?2, 0)");
                foreach (var person in people)
                {
                    insert.Bind(1, erasure).Bind(2, person).Run();
                }
            });
        }
    }

    /// <summary>Reads some of those who are still to be erased, of the oldest erasure first.</summary>
    public IReadOnlyList<PendingErasure> ReadErasurePeople(int most)
    {
        using var reader = _readers.Take();
        var statement = reader.Prepare("""
            SELECT erasure, person, folded FROM erasures JOIN erasure_people ON erasure = id ORDER BY requested, erasure, person LIMIT ?1
            """).Bind(1, most);
        var people = new List<PendingErasure>();
        while (statement.Step())
        {
            people.Add(new PendingErasure(statement.Text(0), statement.Text(1), (int)statement.Long(2)));
        }

        return people;
    }

    /// <summary>Forgets people of whom little is left but this note: their rejected events go and their key of the audit trail. Counts what was removed.</summary>
    public void ForgetErasurePeople(IReadOnlyList<(PendingErasure Person, ErasedCounts Removed)> people)
    {
        lock (_writing)
        {
            InTransaction(() =>
            {
                var delete = Prepare("DELETE FROM erasure_people WHERE erasure=?1 AND person=?2");
                var count = Prepare(
                    "UPDATE erasures SET done=done+?2, profiles=profiles+?3, decisions=decisions+?4, sessions=sessions+?5 WHERE id=?1");
                foreach (var erasure in people.GroupBy(entry => entry.Person.Erasure))
                {
                    var removed = default(ErasedCounts);
                    foreach (var entry in erasure)
                    {
                        delete.Bind(1, entry.Person.Erasure).Bind(2, entry.Person.Id).Run();
                        ForgetSubject(entry.Person.Id);
                        Prepare("DELETE FROM dead_letters WHERE device=?1").Bind(1, entry.Person.Id).Run();
                        Prepare("DELETE FROM dead_letters WHERE login=?1").Bind(1, entry.Person.Id).Run();
                        removed += entry.Removed;
                    }

                    count.Bind(1, erasure.Key).Bind(2, erasure.Count()).Bind(3, removed.Profiles).Bind(4, removed.Decisions)
                        .Bind(5, removed.TrainingSessions).Run();
                }
            });
        }
    }

    /// <summary>Notes that erasures are finished whose people are all forgotten. Returns their ids.</summary>
    public IReadOnlyList<string> FinishErasures(long now)
    {
        lock (_writing)
        {
            var finished = ReadForgotten();
            if (finished.Count > 0)
            {
                InTransaction(() => finished.ForEach(id =>
                {
                    Prepare("UPDATE erasures SET finished=?2 WHERE id=?1").Bind(1, id).Bind(2, now).Run();
                    Append(AuditDrafts.Of(FindErasure(id)!, now));
                }));
            }

            return finished;
        }
    }

    /// <summary>Says whether an erasure has forgotten all its people and is not finished: the file is to be scrubbed.</summary>
    public bool HasForgottenErasure()
    {
        lock (_writing)
        {
            return ReadForgotten().Count > 0;
        }
    }

    /// <summary>Finds an erasure, or null.</summary>
    public Erasure? FindErasure(string id)
    {
        using var reader = _readers.Take();
        var row = reader.Prepare("SELECT requested, finished, total, done, profiles, decisions, sessions FROM erasures WHERE id=?1").Bind(1, id);
        return row.Step()
            ? new Erasure
            {
                Id = id,
                RequestedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Long(0)),
                FinishedAt = row.Long(1) == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Long(1)),
                Total = row.Long(2),
                Done = row.Long(3),
                Erased = new ErasedCounts(row.Long(4), row.Long(5), row.Long(6)),
            }
            : null;
    }

    private List<string> ReadForgotten()
    {
        var ids = new List<string>();
        var rows = Prepare("SELECT id FROM erasures WHERE finished=0 AND NOT EXISTS (SELECT 1 FROM erasure_people WHERE erasure=id)");
        while (rows.Step())
        {
            ids.Add(rows.Text(0));
        }

        rows.Reset();
        return ids;
    }

    private void WriteErased(IEnumerable<ErasedRow> erased)
    {
        var fold = Prepare("UPDATE erasure_people SET folded=?3 WHERE erasure=?1 AND person=?2");
        foreach (var row in erased)
        {
            fold.Bind(1, row.Erasure).Bind(2, row.Person).Bind(3, row.WasKnown ? PendingErasure.FoldedKnown : PendingErasure.FoldedUnknown).Run();
        }
    }
}

/// <summary>Somebody whom the log's mark erased.</summary>
/// <param name="Erasure">Whose mark it was.</param>
/// <param name="Person">The person's id.</param>
/// <param name="WasKnown">Whether there was a profile.</param>
internal readonly record struct ErasedRow(string Erasure, string Person, bool WasKnown);

/// <summary>Somebody who is still to be erased.</summary>
/// <param name="Erasure">The erasure's id.</param>
/// <param name="Id">The person's id.</param>
/// <param name="Folded">0 while no checkpoint holds the log's mark; then one of the constants.</param>
internal readonly record struct PendingErasure(string Erasure, string Id, int Folded)
{
    public const int FoldedUnknown = 1;
    public const int FoldedKnown = 2;
}
