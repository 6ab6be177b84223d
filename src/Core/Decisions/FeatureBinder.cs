using Personalization.Core.Conditions;
using Personalization.Core.Profiles;

namespace Personalization.Core.Decisions;

/// <summary>Knows every feature of people and requests by its path, and how to read it.</summary>
/// <param name="segment">Gives the condition of a segment by its id, or null and what is wrong.</param>
/// <param name="words">The process's vocabulary.</param>
internal sealed class FeatureBinder(FeatureBinder.SegmentLookup segment, Vocabulary words) : IAttributeBinder<DecisionContext>
{
    private const string Known =
        "Features are events.<type>.<1m|5m|1h|1d|30d|total>, affinity.<category|brand>.<name>, top.<category|brand>, recent.item, "
        + "recent.items, session.<active|number|events|minutes>, profile.<known|sessions|ageDays>, segments.<id>, "
        + "page.<url|path|referrer|title> and context.<anything>.";

    public delegate Condition<DecisionContext>? SegmentLookup(string id, out string? problem);

    public AttributeReader<DecisionContext>? Bind(string path, out string? problem)
    {
        var (room, rest) = Split(path);
        problem = null;
        var reader = room switch
        {
            "events" => Events(rest),
            "affinity" => Affinity(rest),
            "top" => Top(rest),
            "recent" => Recent(rest),
            "session" => Session(rest),
            "profile" => Profile(rest),
            "page" => Page(rest),
            "context" => Context(rest),
            "segments" => Segment(rest, out problem),
            _ => null,
        };
        problem = reader is null ? problem ?? $"There is no feature \"{path}\". {Known}" : null;
        return reader;
    }

    private static AttributeReader<DecisionContext>? Events(string rest)
    {
        // The type may hold dots; the window never does.
        var dot = rest.LastIndexOf('.');
        if (dot <= 0)
        {
            return null;
        }

        var type = rest[..dot];
        var name = rest[(dot + 1)..];
        if (name == "total")
        {
            return context => AttributeValue.From((double)context.Profile.Total(type));
        }

        var window = Window.IndexOf(name);
        return window < 0 ? null : context => AttributeValue.From((double)context.Profile.Count(type, window, context.Now));
    }

    private AttributeReader<DecisionContext>? Affinity(string rest)
    {
        var (kind, name) = Split(rest);
        if (name.Length == 0)
        {
            return null;
        }

        return kind switch
        {
            "category" => context => Share(context.Profile.Categories, name, context),
            "brand" => context => Share(context.Profile.Brands, name, context),
            _ => null,
        };

        // The name may be met only later, so its number is looked up at each reading.
        AttributeValue Share(in AffinitySet affinities, string name, DecisionContext context) =>
            AttributeValue.From(words.Find(name) is >= 0 and var symbol ? affinities.Share(symbol, context.NowSeconds) : 0);
    }

    private AttributeReader<DecisionContext>? Top(string rest)
    {
        return rest switch
        {
            "category" => context => Word(context.Profile.Categories.Strongest(context.NowSeconds)),
            "brand" => context => Word(context.Profile.Brands.Strongest(context.NowSeconds)),
            _ => null,
        };

        AttributeValue Word(int symbol) => symbol < 0 ? AttributeValue.Missing : AttributeValue.From(words[symbol]);
    }

    private AttributeReader<DecisionContext>? Recent(string rest) => rest switch
    {
        "item" => context => context.Profile.RecentItems is [var last, ..] ? AttributeValue.From(words[last.Item]) : AttributeValue.Missing,
        "items" => context => AttributeValue.FromArray(ItemIds(context.Profile.RecentItems)),
        _ => null,
    };

    private AttributeValue[] ItemIds(ReadOnlySpan<RecentItem> items)
    {
        var ids = new AttributeValue[items.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = AttributeValue.From(words[items[i].Item]);
        }

        return ids;
    }

    private static AttributeReader<DecisionContext>? Session(string rest) => rest switch
    {
        "active" => context => AttributeValue.From(context.Profile.SessionAt(context.Now) is not null),
        "number" => context => AttributeValue.From((double)(context.Profile.SessionAt(context.Now)?.Number ?? 0)),
        "events" => context => AttributeValue.From((double)(context.Profile.SessionAt(context.Now)?.Events ?? 0)),
        "minutes" => context => AttributeValue.From(
            context.Profile.SessionAt(context.Now) is { } session ? (context.Now - session.StartedAt) / 60_000.0 : 0),
        _ => null,
    };

    private static AttributeReader<DecisionContext>? Profile(string rest) => rest switch
    {
        "known" => context => AttributeValue.From(context.Profile.IsKnown),
        "sessions" => context => AttributeValue.From((double)context.Profile.Sessions),
        "ageDays" => context => AttributeValue.From(
            context.Profile.IsKnown ? Math.Max(0, context.Now - context.Profile.FirstSeen) / 86_400_000.0 : 0),
        _ => null,
    };

    private static AttributeReader<DecisionContext>? Page(string rest) => rest switch
    {
        "url" => context => Optional(context.Request.Page?.Url),
        "path" => context => Optional(context.Request.Page?.Path),
        "referrer" => context => Optional(context.Request.Page?.Referrer),
        "title" => context => Optional(context.Request.Page?.Title),
        _ => null,
    };

    private static AttributeReader<DecisionContext>? Context(string rest)
    {
        if (rest.Length == 0)
        {
            return null;
        }

        var members = rest.Split('.');
        return context =>
        {
            var value = context.Request.Context;
            foreach (var member in members)
            {
                value = value.Member(member);
            }

            return value;
        };
    }

    private AttributeReader<DecisionContext>? Segment(string id, out string? problem)
    {
        var condition = segment(id, out problem);
        return condition is null ? null : context => AttributeValue.From(condition.Matches(context));
    }

    private static AttributeValue Optional(string? text) => text is null ? AttributeValue.Missing : AttributeValue.From(text);

    private static (string Room, string Tail) Split(string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (path, "") : (path[..dot], path[(dot + 1)..]);
    }
}
