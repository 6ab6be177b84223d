using System.Text.Json;
using Personalization.Core;
using Personalization.Core.Conditions;
using Personalization.Core.Decisions;
using Personalization.Core.Events;

namespace Personalization.Api.Rest;

/// <summary>Reads the question of <c>POST /v1/decide</c> straight from its bytes. Members nobody knows are passed over; a null counts as left out.</summary>
internal ref struct DecideRequestReader
{
    private const int MaxDepth = 32;
    private const int MostPlacements = 50;
    private const int MostCandidates = 1000;
    private const int AddressLength = 8192;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    private Utf8JsonReader _json;
    private string? _anonymousId, _userId, _url, _referrer, _title;
    private bool _hasPage;
    private List<string>? _placements;
    private AttributeValue _context;
    private Dictionary<string, IReadOnlyList<string>>? _candidates;
    private int? _limit;
    private long? _minProfileVersion;
    private List<Problem>? _problems;

    private DecideRequestReader(ReadOnlySpan<byte> utf8) => _json = new Utf8JsonReader(utf8, Options);

    /// <summary>Reads it; null where anything is wrong, all of which is in <paramref name="problems"/>.</summary>
    public static DecisionRequest? Read(ReadOnlySpan<byte> utf8, out IReadOnlyList<Problem> problems)
    {
        try
        {
            var reader = new DecideRequestReader(utf8);
            return reader.ReadRequest(out problems);
        }
        catch (JsonException exception)
        {
            problems = [JsonFault.Explain(utf8, MaxDepth, exception)];
        }
        catch (InvalidOperationException)
        {
            problems = [JsonFault.InvalidText];
        }

        return null;
    }

    private DecisionRequest? ReadRequest(out IReadOnlyList<Problem> problems)
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            problems = [new Problem("", "invalid_type", "The body is a JSON object: {\"anonymousId\": …, \"page\": {\"url\": …}}.")];
            return null;
        }

        ReadMembers();

        // Anything but white space behind the object is no JSON.
        _json.Read();
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
        };
    }

    private void ReadMembers()
    {
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.ValueTextEquals("anonymousId"u8))
            {
                _anonymousId = NextId("anonymousId");
            }
            else if (_json.ValueTextEquals("userId"u8))
            {
                _userId = NextId("userId");
            }
            else if (_json.ValueTextEquals("page"u8))
            {
                ReadPage();
            }
            else if (_json.ValueTextEquals("placements"u8))
            {
                _placements = NextPlacements();
            }
            else if (_json.ValueTextEquals("context"u8))
            {
                ReadContext();
            }
            else if (_json.ValueTextEquals("candidates"u8))
            {
                ReadCandidates();
            }
            else if (_json.ValueTextEquals("limit"u8))
            {
                _limit = (int?)NextWhole("limit", 1, Recommendation.MostItems);
            }
            else if (_json.ValueTextEquals("minProfileVersion"u8))
            {
                _minProfileVersion = NextWhole("minProfileVersion", 0, long.MaxValue);
            }
            else
            {
                _json.Skip();
            }
        }
    }

    private void ReadPage()
    {
        if (!NextIs(JsonTokenType.StartObject, "page", "The page is a JSON object: {\"url\": …}."))
        {
            return;
        }

        _hasPage = true;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.ValueTextEquals("url"u8))
            {
                _url = NextText("page.url", AddressLength);
            }
            else if (_json.ValueTextEquals("referrer"u8))
            {
                _referrer = NextText("page.referrer", AddressLength);
            }
            else if (_json.ValueTextEquals("title"u8))
            {
                _title = NextText("page.title", AddressLength);
            }
            else
            {
                _json.Skip();
            }
        }
    }

    private List<string>? NextPlacements()
    {
        const string Path = "placements";
        if (NextIs(JsonTokenType.StartArray, Path, "The placements are a JSON array of names.")
            && Ids(Path, MostPlacements) is { } placements)
        {
            for (var i = 1; i < placements.Count; i++)
            {
                // The answer is an object with one member for each.
                if (placements.IndexOf(placements[i], 0, i) >= 0)
                {
                    Fault(Problem.Under(Path, i), "duplicate", "Every placement is asked for once.");
                }
            }

            return placements;
        }

        return null;
    }

    private void ReadContext()
    {
        if (NextIs(JsonTokenType.StartObject, "context", "The context is a JSON object."))
        {
            _context = AttributeJson.Read(ref _json);
        }
    }

    private void ReadCandidates()
    {
        const string Path = "candidates";
        if (!NextIs(JsonTokenType.StartObject, Path, "The candidates are a JSON object that maps placements to arrays of item ids."))
        {
            return;
        }

        _candidates = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var placement = _json.GetString()!;
            var path = Problem.Under(Path, placement);
            if (NextIs(JsonTokenType.StartArray, path, "The candidates of a placement are a JSON array of item ids.")
                && Ids(path, MostCandidates) is { } ids)
            {
                _candidates[placement] = ids;
            }
        }

        if (_candidates.Count > MostPlacements)
        {
            Fault(Path, "too_many", $"At most {MostPlacements} placements have candidates.");
        }
    }

    /// <summary>Reads the ids of the array the reader stands at the start of.</summary>
    private List<string>? Ids(string path, int most)
    {
        var ids = new List<string>();
        for (var index = 0; _json.Read() && _json.TokenType != JsonTokenType.EndArray; index++)
        {
            if (index >= most)
            {
                _json.Skip();
                if (index == most)
                {
                    Fault(path, "too_many", $"At most {most} are taken.");
                }
            }
            else if (_json.TokenType == JsonTokenType.Null)
            {
                Fault(Problem.Under(path, index), "invalid_type", "This is a JSON string.");
            }
            else if (Id(path, index) is { } id)
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    private string? NextId(string path)
    {
        _json.Read();
        return Id(path);
    }

    private string? NextText(string path, int most)
    {
        _json.Read();
        return Text(path, -1, most);
    }

    /// <summary>Reads an id; an <paramref name="index"/> of 0 or more is part of its path.</summary>
    private string? Id(string path, int index = -1)
    {
        if (Text(path, index, EventLimits.IdLength) is not { } id)
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

    private string? Text(string path, int index, int most)
    {
        if (_json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (_json.TokenType != JsonTokenType.String)
        {
            Fault(At(path, index), "invalid_type", "This is a JSON string.");
            _json.Skip();
            return null;
        }

        string text;
        try
        {
            text = _json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            Fault(At(path, index), "invalid_text", "The text is not valid Unicode.");
            return null;
        }

        if (text.Length > most)
        {
            Fault(At(path, index), "too_long", $"At most {most} characters are taken.");
            return null;
        }

        return text;
    }

    private long? NextWhole(string path, long least, long most)
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (_json.TokenType != JsonTokenType.Number)
        {
            Fault(path, "invalid_type", "This is a JSON number.");
            _json.Skip();
            return null;
        }

        if (_json.TryGetInt64(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Fault(path, "out_of_range", most == long.MaxValue ? $"This is a whole number of at least {least}." : $"This is a whole number from {least} to {most}.");
        return null;
    }

    /// <summary>Moves to the next value, and says whether it is of the type wanted; one that is not is passed over.</summary>
    private bool NextIs(JsonTokenType wanted, string path, string detail)
    {
        _json.Read();
        if (_json.TokenType == wanted)
        {
            return true;
        }

        if (_json.TokenType != JsonTokenType.Null)
        {
            Fault(path, "invalid_type", detail);
            _json.Skip();
        }

        return false;
    }

    private void Fault(string path, string code, string detail) => (_problems ??= []).Add(new Problem(path, code, detail));

    private static string At(string path, int index) => index < 0 ? path : Problem.Under(path, index);
}
