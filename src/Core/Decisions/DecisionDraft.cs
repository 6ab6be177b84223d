using Personalization.Core.Conditions;
using Personalization.Core.Events;
using Personalization.Core.Privacy;

namespace Personalization.Core.Decisions;

/// <summary>A question while a door reads it: takes what was sent, checks it, and makes the request or tells all that is wrong.</summary>
/// <remarks>
/// Every door goes through it, so that a question is good or bad wherever it enters. Paths are those of its JSON. A null counts as
/// left out.
/// </remarks>
public ref struct DecisionDraft
{
    /// <summary>The most placements of one question.</summary>
    public const int MostPlacements = 50;

    /// <summary>The most candidates of one placement.</summary>
    public const int MostCandidates = 1000;

    /// <summary>The most characters of an address or a title.</summary>
    public const int AddressLength = 8192;

    private string? _anonymousId, _userId, _url, _referrer, _title;
    private bool _hasPage;
    private List<string>? _placements;
    private AttributeValue _context;
    private Dictionary<string, IReadOnlyList<string>>? _candidates;
    private int? _limit;
    private long? _minProfileVersion;
    private Consent _consent;
    private Purposes _signalled;
    private List<Problem>? _problems;

    /// <summary>Takes the device's id: 1 to 256 characters.</summary>
    public void SetAnonymousId(string? id) => _anonymousId = Id(id, "anonymousId");

    /// <summary>Takes the login's id: 1 to 256 characters.</summary>
    public void SetUserId(string? id) => _userId = Id(id, "userId");

    /// <summary>Notes that a page was sent, whatever is said of it.</summary>
    public void StartPage() => _hasPage = true;

    /// <summary>Takes the page's address.</summary>
    public void SetUrl(string? url) => _url = Text(url, "page.url", -1, AddressLength);

    /// <summary>Takes the address of the page before it.</summary>
    public void SetReferrer(string? referrer) => _referrer = Text(referrer, "page.referrer", -1, AddressLength);

    /// <summary>Takes the page's title.</summary>
    public void SetTitle(string? title) => _title = Text(title, "page.title", -1, AddressLength);

    /// <summary>Notes that placements are named, so that none is decided but those that follow.</summary>
    public void StartPlacements() => _placements = [];

    /// <summary>Takes the name of one placement, each once.</summary>
    /// <param name="index">Its place in the list sent, from 0.</param>
    /// <param name="name">The name.</param>
    public void AddPlacement(int index, string? name)
    {
        const string Path = "placements";
        if (Fits(Path, index, MostPlacements) && Id(name, Path, index) is { } placement)
        {
            // The answer has one entry for each.
            if (_placements!.Contains(placement))
            {
                Fault(Problem.Under(Path, index), "duplicate", "Every placement is asked for once.");
            }

            _placements.Add(placement);
        }
    }

    /// <summary>Takes what else conditions may look at.</summary>
    public void SetContext(AttributeValue context) => _context = context;

    /// <summary>Notes that candidates are named.</summary>
    public void StartCandidates() => _candidates = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>Gives the list that the candidates of one placement go to, by <see cref="AddCandidate"/>.</summary>
    public List<string> CandidatesOf(string placement)
    {
        var ids = new List<string>();
        _candidates![placement] = ids;
        return ids;
    }

    /// <summary>Takes one candidate.</summary>
    /// <param name="ids">The list of its placement.</param>
    /// <param name="path">Where that list stands: <c>candidates.recs</c>.</param>
    /// <param name="index">Its place in the list sent, from 0.</param>
    /// <param name="item">The item's id.</param>
    public void AddCandidate(List<string> ids, string path, int index, string? item)
    {
        if (Fits(path, index, MostCandidates) && Id(item, path, index) is { } id)
        {
            ids.Add(id);
        }
    }

    /// <summary>Takes the most items per placement: 1 to 100.</summary>
    public void SetLimit(long? limit) => _limit = (int?)Whole(limit, "limit", 1, Recommendation.MostItems);

    /// <summary>Takes the version of the profile that must have been seen: 0 or more.</summary>
    public void SetMinProfileVersion(long? version) => _minProfileVersion = Whole(version, "minProfileVersion", 0, long.MaxValue);

    /// <summary>Takes what is said of purposes.</summary>
    public void SetConsent(Consent consent) => _consent = consent with { Withdrawn = Purposes.None };

    /// <summary>Takes what the browser's privacy signals deny, whatever else is said.</summary>
    public void Signal(Purposes denied) => _signalled |= denied;

    /// <summary>Notes that something is wrong.</summary>
    public void Fault(string path, string code, string detail) => (_problems ??= []).Add(new Problem(path, code, detail));

    /// <summary>Makes the request.</summary>
    /// <param name="problems">All that is wrong, where nothing is returned.</param>
    public DecisionRequest? Finish(out IReadOnlyList<Problem> problems)
    {
        if (_candidates?.Count > MostPlacements)
        {
            Fault("candidates", "too_many", $"At most {MostPlacements} placements have candidates.");
        }

        if (_anonymousId is null && _userId is null && _problems is null)
        {
            Fault("anonymousId", "required", "A decision needs an anonymousId or a userId.");
        }

        problems = (IReadOnlyList<Problem>?)_problems ?? [];
        return _problems is not null ? null : new DecisionRequest
        {
            AnonymousId = _anonymousId,
            UserId = _userId,
            Page = _hasPage ? new PageContext(_url, _referrer, _title) : null,
            Placements = _placements,
            Context = _context,
            Candidates = _candidates,
            Limit = _limit,
            MinProfileVersion = _minProfileVersion,
            Consent = _consent.Without(_signalled),
        };
    }

    /// <summary>Tells too many once, at the first that is.</summary>
    private bool Fits(string path, int index, int most)
    {
        if (index == most)
        {
            Fault(path, "too_many", $"At most {most} are taken.");
        }

        return index < most;
    }

    /// <summary>Checks an id; an <paramref name="index"/> of 0 or more is part of its path.</summary>
    private string? Id(string? text, string path, int index = -1)
    {
        if (Text(text, path, index, EventLimits.IdLength) is not { } id)
        {
            return null;
        }

        if (id.Length == 0)
        {
            Fault(At(path, index), "empty", "An id has at least one character.");
            return null;
        }

        foreach (var character in id)
        {
            if (char.IsControl(character))
            {
                Fault(At(path, index), "control_character", "Control characters are not taken.");
                return null;
            }
        }

        return id;
    }

    private string? Text(string? text, string path, int index, int most)
    {
        if (text?.Length > most)
        {
            Fault(At(path, index), "too_long", $"At most {most} characters are taken.");
            return null;
        }

        return text;
    }

    private long? Whole(long? number, string path, long least, long most)
    {
        if (number is null || (number >= least && number <= most))
        {
            return number;
        }

        Fault(path, "out_of_range", most == long.MaxValue
            ? $"This is a whole number of at least {least}."
            : $"This is a whole number from {least} to {most}.");
        return null;
    }

    private static string At(string path, int index) => index < 0 ? path : Problem.Under(path, index);
}
