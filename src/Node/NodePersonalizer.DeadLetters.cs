using Personalization.Core;
using Personalization.Core.DeadLetters;
using Personalization.Core.Privacy;
using Personalization.Node.Storage;

namespace Personalization.Node;

/// <content>Rejected events.</content>
public sealed partial class NodePersonalizer
{
    /// <inheritdoc/>
    public ValueTask KeepDeadLettersAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellation)
    {
        // Like events: what a person denied before is not stored because something is wrong with it.
        DeadLetter[] allowed = [.. letters.Where(letter =>
            letter.PersonId is not { } person || (_policy.Denied(letter.Said, ChoicesOf(person)) & Purposes.Personalization) == 0)];
        if (allowed.Length > 0)
        {
            Ask(() =>
            {
                _database.KeepDeadLetters(allowed);
                return true;
            });
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeadLetter>> FindDeadLettersAsync(DeadLetterFilter filter, CancellationToken cancellation) =>
        new(Ask(() => _database.FindDeadLetters(filter)));

    /// <inheritdoc/>
    public ValueTask<int> RemoveDeadLettersAsync(DeadLetterFilter filter, CancellationToken cancellation) =>
        new(Ask(() => _database.RemoveDeadLetters(filter)));

    private static T Ask<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (StorageUnavailableException exception)
        {
            throw new UnavailableException(exception.Message, RetryWhenFull, exception);
        }
    }
}
