using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Personalization.Core;
using Personalization.Core.Configuration;

namespace Personalization.Api.Rest;

/// <summary>Changes one document, and refuses in HTTP's terms.</summary>
internal sealed class DocumentChanges(IPersonalizer personalizer, ConfigurationKind kind)
{
    public ConfigurationDocument? Find(string id) => personalizer.Configuration.Set.Find(kind, id);

    public RefusedException Missing(string id) => RefusedException.NotFound($"There is no document \"{id}\" among the {kind.PluralName()}.");

    /// <summary>Puts it, and gives what is stored then.</summary>
    /// <exception cref="RefusedException">The precondition does not hold (412), or the configuration would be invalid (400).</exception>
    public async Task<ConfigurationDocument> PutAsync(string id, JsonElement document, Precondition condition, CancellationToken cancellation)
    {
        RequireExistence(id, condition);
        var change = new ConfigurationChange { Put = [(kind, id, document)], IfRevision = condition.Revision };
        var outcome = await personalizer.ChangeAsync(change, cancellation);
        return outcome.Status switch
        {
            ChangeStatus.Applied => Find(id) ?? new ConfigurationDocument(kind, id, document, outcome.Revision),
            ChangeStatus.Invalid => throw RefusedException.Invalid(Relative(id, outcome.Problems)),
            _ => throw Lost(id),
        };
    }

    /// <summary>Removes it.</summary>
    /// <exception cref="RefusedException">There is none (404), the precondition does not hold (412), or another document refers to it (409).</exception>
    public async Task RemoveAsync(string id, Precondition condition, CancellationToken cancellation)
    {
        RequireExistence(id, condition);
        var change = new ConfigurationChange { Remove = [(kind, id)], IfRevision = condition.Revision };
        var outcome = await personalizer.ChangeAsync(change, cancellation);
        switch (outcome.Status)
        {
            case ChangeStatus.Applied:
                return;
            case ChangeStatus.NotFound:
                throw Missing(id);
            case ChangeStatus.RevisionMismatch:
                throw Lost(id);
            default:
                throw new RefusedException(
                    StatusCodes.Status409Conflict, $"Other documents refer to \"{id}\"; \"errors\" names where.", outcome.Problems);
        }
    }

    private void RequireExistence(string id, Precondition condition)
    {
        if (condition.MustExist && Find(id) is null)
        {
            throw Lost(id);
        }
    }

    private RefusedException Lost(string id) => new(
        StatusCodes.Status412PreconditionFailed,
        Find(id) is { } document
            ? $"The document was changed meanwhile: its ETag is {Precondition.TagOf(document.Revision)} now."
            : "There is no such document.");

    // The sender knows one document and not where it lies among the others, so its paths start at its own root.
    private IReadOnlyList<Problem> Relative(string id, IReadOnlyList<Problem> problems) =>
        [.. problems.Select(problem => OwnerOf(problem.Path, id) == id
            ? problem with { Path = problem.Path[Math.Min(problem.Path.Length, PathOf(id).Length + 1)..] }
            : problem)];

    // Ids may hold dots, so "placements.home.hero" may lie in "home" or be "home.hero": the longest id that fits is meant.
    private string? OwnerOf(string path, string sent) => personalizer.Configuration.Set.Of(kind)
        .Select(document => document.Id)
        .Append(sent)
        .Where(id => path == PathOf(id) || path.StartsWith(PathOf(id) + ".", StringComparison.Ordinal))
        .MaxBy(id => id.Length);

    private string PathOf(string id) => $"{kind.PluralName()}.{id}";
}
