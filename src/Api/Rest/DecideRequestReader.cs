using System.Text.Json;
using Personalization.Core;
using Personalization.Core.Decisions;
using Personalization.Core.Privacy;

namespace Personalization.Api.Rest;

/// <summary>Reads the question of <c>POST /v1/decide</c> straight from its bytes. Members nobody knows are passed over; a null counts as left out.</summary>
internal ref struct DecideRequestReader
{
    private const int MaxDepth = 32;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    private Utf8JsonReader _json;
    private DecisionDraft _draft;

    private DecideRequestReader(ReadOnlySpan<byte> utf8, Purposes signalled)
    {
        _json = new Utf8JsonReader(utf8, Options);
        _draft.Signal(signalled);
    }

    /// <summary>Reads it; null where anything is wrong, all of which is in <paramref name="problems"/>.</summary>
    public static DecisionRequest? Read(ReadOnlySpan<byte> utf8, Purposes signalled, out IReadOnlyList<Problem> problems)
    {
        try
        {
            var reader = new DecideRequestReader(utf8, signalled);
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
        return _draft.Finish(out problems);
    }

    private void ReadMembers()
    {
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.ValueTextEquals("anonymousId"u8))
            {
                _draft.SetAnonymousId(NextText("anonymousId"));
            }
            else if (_json.ValueTextEquals("userId"u8))
            {
                _draft.SetUserId(NextText("userId"));
            }
            else if (_json.ValueTextEquals("page"u8))
            {
                ReadPage();
            }
            else if (_json.ValueTextEquals("consent"u8))
            {
                ReadConsent();
            }
            else if (_json.ValueTextEquals("placements"u8))
            {
                ReadPlacements();
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
                _draft.SetLimit(NextWhole("limit"));
            }
            else if (_json.ValueTextEquals("minProfileVersion"u8))
            {
                _draft.SetMinProfileVersion(NextWhole("minProfileVersion"));
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

        _draft.StartPage();
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.ValueTextEquals("url"u8))
            {
                _draft.SetUrl(NextText("page.url"));
            }
            else if (_json.ValueTextEquals("referrer"u8))
            {
                _draft.SetReferrer(NextText("page.referrer"));
            }
            else if (_json.ValueTextEquals("title"u8))
            {
                _draft.SetTitle(NextText("page.title"));
            }
            else
            {
                _json.Skip();
            }
        }
    }

    private void ReadConsent()
    {
        _json.Read();
        _draft.SetConsent(ConsentJson.Read(ref _json, "consent", out var problem));
        if (problem is not null)
        {
            Fault(problem.Path, problem.Code, problem.Detail);
        }
    }

    private void ReadPlacements()
    {
        const string Path = "placements";
        if (!NextIs(JsonTokenType.StartArray, Path, "The placements are a JSON array of names."))
        {
            return;
        }

        _draft.StartPlacements();
        for (var index = 0; _json.Read() && _json.TokenType != JsonTokenType.EndArray; index++)
        {
            _draft.AddPlacement(index, Element(Path, index, DecisionDraft.MostPlacements));
        }
    }

    private void ReadContext()
    {
        if (NextIs(JsonTokenType.StartObject, "context", "The context is a JSON object."))
        {
            _draft.SetContext(AttributeJson.Read(ref _json));
        }
    }

    private void ReadCandidates()
    {
        const string Path = "candidates";
        if (!NextIs(JsonTokenType.StartObject, Path, "The candidates are a JSON object that maps placements to arrays of item ids."))
        {
            return;
        }

        _draft.StartCandidates();
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var placement = _json.GetString()!;
            var path = Problem.Under(Path, placement);
            if (NextIs(JsonTokenType.StartArray, path, "The candidates of a placement are a JSON array of item ids."))
            {
                var ids = _draft.CandidatesOf(placement);
                for (var index = 0; _json.Read() && _json.TokenType != JsonTokenType.EndArray; index++)
                {
                    _draft.AddCandidate(ids, path, index, Element(path, index, DecisionDraft.MostCandidates));
                }
            }
        }
    }

    /// <summary>Reads the text the reader stands on as an element of an array; those behind the last that is taken are passed over.</summary>
    private string? Element(string path, int index, int most)
    {
        if (index >= most)
        {
            _json.Skip();
            return null;
        }

        if (_json.TokenType == JsonTokenType.Null)
        {
            Fault(Problem.Under(path, index), "invalid_type", "This is a JSON string.");
            return null;
        }

        return Text(path, index);
    }

    private string? NextText(string path)
    {
        _json.Read();
        return Text(path, -1);
    }

    /// <summary>Reads a text; an <paramref name="index"/> of 0 or more is part of its path.</summary>
    private string? Text(string path, int index)
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

        try
        {
            return _json.GetString();
        }
        catch (InvalidOperationException)
        {
            Fault(At(path, index), "invalid_text", "The text is not valid Unicode.");
            return null;
        }
    }

    private long? NextWhole(string path)
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.Number)
        {
            // What is no whole number is out of every range.
            return _json.TryGetInt64(out var number) ? number : long.MinValue;
        }

        if (_json.TokenType != JsonTokenType.Null)
        {
            Fault(path, "invalid_type", "This is a JSON number.");
            _json.Skip();
        }

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

    private void Fault(string path, string code, string detail) => _draft.Fault(path, code, detail);

    private static string At(string path, int index) => index < 0 ? path : Problem.Under(path, index);
}
