using Personalization.Core.Segments;

namespace Personalization.Grains.Segments;

/// <summary>Where the cluster keeps who is in which segment. A port: Redis stands behind it.</summary>
/// <remarks>What is stored decides what is a change: <see cref="WriteAsync"/> journals only what alters it, so nothing is told twice.</remarks>
public interface ISegmentStore
{
    /// <summary>Takes over the segments of a configuration, unless a newer one was; whatever is new or means something else is to be asked of everybody.</summary>
    /// <param name="revision">The configuration's revision.</param>
    /// <param name="segments">Its segments.</param>
    /// <param name="at">When, in milliseconds since the Unix epoch.</param>
    /// <returns>The numbers of the segments that are kept now, by id.</returns>
    ValueTask<IReadOnlyDictionary<string, int>> AdoptAsync(long revision, IReadOnlyList<SegmentDefinition> segments, long at);

    /// <summary>Finds the number of a segment, and whether not everybody has been asked yet; null where there is none.</summary>
    ValueTask<(int Number, bool IsPending)?> FindAsync(string id);

    /// <summary>Reads the segments a person is in.</summary>
    ValueTask<Memberships> ReadMembershipsAsync(string person);

    /// <summary>Lists a person, stores and journals who entered and left, and when to look again (milliseconds; 0 for never): all or nothing.</summary>
    ValueTask WriteAsync(string person, IReadOnlyList<(string Segment, SegmentFlip Flip)> changes, long due);

    /// <summary>Deletes everything that tells of people's memberships, in the journal too. Nobody is told that they left.</summary>
    /// <remarks>Goes through the whole journal, so many people at once are better than one after another.</remarks>
    ValueTask ForgetAsync(IReadOnlyCollection<string> people);

    /// <summary>Reads whom time alone may have moved by now.</summary>
    ValueTask<IReadOnlyList<string>> ReadDueAsync(long now, int most);

    /// <summary>Finds out whether everybody is to be asked: the revision that made it so and how far that is, or null.</summary>
    ValueTask<(long Revision, string Cursor)?> ReadBackfillAsync();

    /// <summary>Gives some of all people, from a place on; an empty next place where these are the last.</summary>
    ValueTask<(IReadOnlyList<string> People, string Next)> ScanPeopleAsync(string cursor, int some);

    /// <summary>Notes how far asking everybody has come, unless another revision has begun it anew; an empty place ends it.</summary>
    ValueTask WriteBackfillAsync(long revision, string cursor);

    /// <summary>Clears some of the members of deleted segments; false where there are none left.</summary>
    ValueTask<bool> ClearDeletedAsync(int most);

    /// <summary>Counts all people.</summary>
    ValueTask<long> CountPeopleAsync();

    /// <summary>Draws people at random, each once; all, where there are not more.</summary>
    ValueTask<IReadOnlyList<string>> DrawPeopleAsync(int count);

    /// <summary>Counts who is in all of some segments.</summary>
    ValueTask<long> CountInAllAsync(IReadOnlyList<int> segments);

    /// <summary>Draws members at random, each once; all, where there are not more.</summary>
    ValueTask<IReadOnlyList<string>> DrawMembersAsync(int segment, int count);

    /// <summary>Reads the journal after a place, oldest first; and whether it lacks something between.</summary>
    /// <exception cref="FormatException">This is no place of the journal.</exception>
    ValueTask<(IReadOnlyList<SegmentChange> Changes, bool Missed)> ReadChangesAsync(string after, int most);

    /// <summary>Gets the newest place of the journal.</summary>
    ValueTask<string> LastChangeAsync();
}
