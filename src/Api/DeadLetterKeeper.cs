using Microsoft.Extensions.Logging;
using Personalization.Core;
using Personalization.Core.DeadLetters;
using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Api;

/// <summary>Keeps what the doors reject. A store that is away costs the letters, never the answer.</summary>
internal sealed partial class DeadLetterKeeper(IPersonalizer personalizer, ILogger<DeadLetterKeeper> logger)
{
    public async ValueTask KeepAsync(IReadOnlyList<RejectedEvent> rejected, long receivedAt, Purposes signalled, CancellationToken cancellation)
    {
        if (rejected.Count == 0)
        {
            return;
        }

        var letters = new List<DeadLetter>(rejected.Count);
        foreach (var one in rejected)
        {
            if (one.Text is { } text && DeadLetter.Of(text, one.Problem, receivedAt, one.SentAt, signalled) is { } letter)
            {
                letters.Add(letter);
            }
        }

        if (letters.Count == 0)
        {
            return;
        }

        try
        {
            await personalizer.KeepDeadLettersAsync(letters, cancellation);
        }
        catch (UnavailableException exception)
        {
            LogNotKept(exception, letters.Count);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} rejected events could not be kept.")]
    private partial void LogNotKept(Exception exception, int count);
}
