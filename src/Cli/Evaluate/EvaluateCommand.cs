using System.CommandLine;
using System.Globalization;
using Personalization.Cli.Events;
using Personalization.Cli.Http;
using Personalization.Cli.Output;
using Personalization.Cli.Replay;

namespace Personalization.Cli.Evaluate;

/// <summary><c>personalize evaluate</c>.</summary>
internal static class EvaluateCommand
{
    private const string DefaultFile = "../shared/data/eshop/clicks_2008_04_07.csv.gz";

    private static readonly Argument<string> File = new("FILE")
    {
        Description = "Clicks as rows of delimited text (CSV), may be gzip. One person's clicks are one session.",
        DefaultValueFactory = _ => DefaultFile,
    };

    private static readonly Option<string?> MappingPath = new("--mapping")
    {
        Description = "YAML file that says how a row becomes a click and an item. Built in: the e-shop's, samples/eshop.mapping.yaml.",
        HelpName = "FILE",
    };

    private static readonly DateTimeOffset DefaultBoundary = new(2008, 7, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Option<DateTimeOffset?> Boundary = new("--split")
    {
        Description = "Sessions that begin before it are learned from, later ones are predicted. "
            + FormattableString.Invariant($"[default: {DefaultBoundary:yyyy-MM-dd}]"),
        HelpName = "DATE",
        CustomParser = result =>
        {
            const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
            if (!DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, Utc, out var date))
            {
                result.AddError($"--split is a date like 2008-07-01, not '{result.Tokens[0].Value}'.");
            }

            return date;
        },
    };

    private static readonly Option<int> Limit = new Option<int>("--limit")
    {
        Description = "Predict only the first N test sessions. The server still learns from all training sessions.",
        HelpName = "N",
    }.Within(1, int.MaxValue - 1);

    private static readonly Option<bool> AllowLearned = new("--allow-learned")
    {
        Description = "Go on although the server has learned from other events, or from these before. The figures may then not compare.",
    };

    private static readonly Option<bool> AsJson = new("--json") { Description = "Print JSON instead of a table." };

    public static Command Create(Terminal terminal, Option<Uri> server)
    {
        var concurrency = ConcurrencyOption.Create(
            "How many sessions are predicted at a time. Within a session it is one click after the other.");
        var command = new Command(
            "evaluate",
            "Measures how well the server predicts the next click: teaches it the older sessions, then asks it before every click of the "
            + "later ones. Prints hit rates and the mean reciprocal rank of what it recommends, and of what is merely popular.")
        {
            File, MappingPath, Boundary, Limit, concurrency, AllowLearned, AsJson,
        };
        command.SetAction((parsed, ct) => RunAsync(
            terminal,
            parsed.GetRequiredValue(server),
            ClickFile.Read(parsed.GetRequiredValue(File), ClickFile.LoadMapping(parsed.GetValue(MappingPath))),
            parsed.GetValue(Boundary) ?? DefaultBoundary,
            parsed.GetResult(Limit) is { Implicit: false } ? parsed.GetValue(Limit) : int.MaxValue,
            parsed.GetValue(concurrency),
            parsed.GetValue(AllowLearned),
            parsed.GetValue(AsJson),
            ct));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal,
        Uri address,
        ClickFile data,
        DateTimeOffset boundary,
        int limit,
        int concurrency,
        bool allowLearned,
        bool asJson,
        CancellationToken ct)
    {
        var split = NextClickSplit.Of(data.Clicks, boundary);
        if (split.Training.Count == 0 || split.Test.Count == 0)
        {
            throw new UserError(FormattableString.Invariant(
                $"At {boundary:yyyy-MM-dd}, {split.Training.Count} sessions are left to learn from and {split.Test.Count} to predict."));
        }

        using var server = new PersonalizationServer(address, terminal);
        await CheckFreshAsync(terminal, server, allowLearned, ct);

        var contenders = Contender.Both();
        var evaluation = new NextClickEvaluation(server, contenders, $"evaluate-{Guid.NewGuid():N}"[..17]);
        await evaluation.PrepareAsync([.. data.Items.Values.Where(item => split.TrainedItems.Contains(item.Id))], ct);

        var started = terminal.Time.GetTimestamp();
        await TrainAsync(terminal, server, split.Training, concurrency, ct);
        var trained = terminal.Time.GetTimestamp();

        var sessions = split.Test.Take(limit).ToList();
        var predictions = sessions.Sum(session => session.Clicks.Count - 1);
        ProgressPoint Look() => new(contenders[^1].Ranks.Predictions, (double)contenders[^1].Ranks.Predictions / Math.Max(1, predictions));
        await ProgressReport.WatchAsync(terminal, "predicting", "clicks", Look, evaluation.PredictAsync(sessions, concurrency, ct));

        var report = new EvaluationReport(
            contenders,
            split.Training.Count,
            sessions.Count,
            terminal.Time.GetElapsedTime(started, trained),
            terminal.Time.GetElapsedTime(trained));
        if (asJson)
        {
            report.WriteJson(terminal.Out);
        }
        else
        {
            report.WriteTable(terminal.Out);
        }

        return 0;
    }

    private static async Task CheckFreshAsync(Terminal terminal, PersonalizationServer server, bool allowLearned, CancellationToken ct)
    {
        var events = (await server.StatsAsync(ct))?.Events;
        if (events is null)
        {
            terminal.Error.WriteLine("warning: the server doesn't tell what it has learned; only a fresh one gives figures that compare.");
        }
        else if (events > 0)
        {
            var learned = FormattableString.Invariant(
                $"The server has already learned from {events:N0} events, so the figures may not compare.");
            if (!allowLearned)
            {
                throw new UserError($"{learned} Start a fresh one, or go on with --allow-learned.");
            }

            terminal.Error.WriteLine($"warning: {learned}");
        }
    }

    private static async Task TrainAsync(
        Terminal terminal, PersonalizationServer server, IReadOnlyList<Session> sessions, int concurrency, CancellationToken ct)
    {
        var total = sessions.Sum(session => session.Clicks.Count);
        var read = 0;
        var rejections = new Rejections();
        var clicks = sessions
            .SelectMany(session => session.Clicks)
            .Select(click => OutgoingEvent.Of(click, Interlocked.Increment(ref read)));
        await Replayer.RunAsync(
            terminal, server, clicks, () => (double)Volatile.Read(ref read) / total, Speed.Max, concurrency, rejections, ct);
        if (rejections.Count > 0)
        {
            rejections.WriteTo(terminal.Error);
            throw new UserError(FormattableString.Invariant($"The server rejected {rejections.Count:N0} training clicks."));
        }
    }
}
