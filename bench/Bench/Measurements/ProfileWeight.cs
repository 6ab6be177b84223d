using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;
using Personalization.Core.Privacy.Encryption;
using Personalization.Bench.Workload;
using Personalization.Core;
using Personalization.Node.HotState;
using Personalization.Node.Storage;

namespace Personalization.Bench.Measurements;

/// <summary>What one hot profile weighs, with its share of the directory and its key; and at rest.</summary>
internal sealed class ProfileWeight : IMeasurement
{
    public string Name => "profile-weight";

    public Task<IReadOnlyList<Row>> RunAsync(Effort effort)
    {
        var people = effort.MeasuredProfiles;
        var words = new Vocabulary();
        foreach (var item in Shop.Items)
        {
            words.Number(item.Id);
        }

        using var data = DataFolder.Open(Folders.Fresh("weight"));
        using var database = Database.Open(data.DatabaseFile);
        var directory = new ProfileDirectory(database, new ProfileCipher(KeyRing.Empty, _ => { }), words, TimeProvider.System, people, NullLogger<ProfileDirectory>.Instance);
        var now = DateTimeOffset.UtcNow;
        Fold(0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var person = 1; person < people; person++)
        {
            Fold(person);
        }

        var growth = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / (people - 1);

        var atRest = 0L;
        var buffer = new ArrayBufferWriter<byte>(4096);
        for (var person = 0; person < people; person++)
        {
            buffer.ResetWrittenCount();
            directory.Find(People.Id(person))!.Write(buffer);
            atRest += buffer.WrittenCount;
        }

        return Task.FromResult<IReadOnlyList<Row>>(
        [
            Row.Below($"a hot profile, with its key and its place in the directory ({Row.Text(people)} people with {Visits.EventsEach} events in 3 sessions)", growth, 2048, "B"),
            Row.Below("the same profile at rest, as the codec writes it", (double)atRest / people, 1024, "B"),
        ]);

        void Fold(int person)
        {
            var position = (long)person * Visits.EventsEach;
            foreach (var visit in Visits.Of(person, now))
            {
                directory.GetOrAdd(visit.PersonId).Profile.Fold(visit, ++position, words);
            }
        }
    }
}
