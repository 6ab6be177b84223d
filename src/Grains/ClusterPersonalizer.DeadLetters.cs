using Personalization.Core;
using Personalization.Core.DeadLetters;
using Personalization.Core.Privacy;

namespace Personalization.Grains;

/// <content>Rejected events.</content>
public sealed partial class ClusterPersonalizer
{
    /// <inheritdoc/>
    public async ValueTask KeepDeadLettersAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellation)
    {
        // Like events: what a person denied before is not stored because something is wrong with it.
        var allowed = new List<DeadLetter>(letters.Count);
        foreach (var some in letters.GroupBy(letter => letter.PersonId))
        {
            var choices = some.Key is { } person ? _stated.Over(person, await ChoicesOfAsync(person)) : default;
            allowed.AddRange(some.Where(letter =>
                letter.PersonId is null || (policy.Denied(letter.Said, choices) & Purposes.Personalization) == 0));
        }

        if (allowed.Count > 0)
        {
            await deadLetters.KeepAsync(allowed, cancellation);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeadLetter>> FindDeadLettersAsync(DeadLetterFilter filter, CancellationToken cancellation) =>
        deadLetters.FindAsync(filter, cancellation);

    /// <inheritdoc/>
    public ValueTask<int> RemoveDeadLettersAsync(DeadLetterFilter filter, CancellationToken cancellation) => deadLetters.RemoveAsync(filter, cancellation);

    private async Task<Core.Profiles.ConsentChoices> ChoicesOfAsync(string person)
    {
        try
        {
            return await ReadChoicesAsync(person);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new UnavailableException("What a person allows can't be read now, and without it nothing of them is kept.", ChoicesRetry, exception);
        }
    }
}
