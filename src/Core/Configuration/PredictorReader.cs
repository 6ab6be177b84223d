using System.Text.Json;
using Personalization.Core.Predictions;

namespace Personalization.Core.Configuration;

/// <summary>
/// Reads a predictor: <c>{"kind": "logistic", "inputs": [{"feature", "is"?, "log"?, "mean"?, "scale"?, "coefficient"}], "intercept", "quality"?}</c>
/// or <c>{"kind": "value", "unitDays", "orders": {"r", "alpha", "a", "b"}, "spend"?: {"p", "q", "gamma"}, "quality"?}</c>.
/// </summary>
internal static class PredictorReader
{
    private const int MostInputs = 1000;
    private const double Most = 1e12;
    private const double Least = 1e-12;

    public static Predictor? Read(string id, JsonElement json, string path, ICollection<Problem> problems)
    {
        var before = problems.Count;
        var reader = new DocumentReader(json, path, problems);
        var description = reader.Text("description", 1000);
        var kind = reader.Word("kind", "logistic", "value");
        LogisticModel? logistic = null;
        CustomerValue? value = null;
        switch (kind)
        {
            case "logistic":
                CheckId(id, path, problems);
                logistic = Logistic(reader, problems);
                break;
            case "value":
                if (id != Predictor.ValueId)
                {
                    problems.Add(new Problem(path, "invalid_id", $"The predictor of what customers are worth has the id \"{Predictor.ValueId}\"."));
                }

                value = Value(reader, problems);
                break;
            default:
                reader.Element("kind", required: true);
                return null;
        }

        if (reader.Element("quality") is { } quality)
        {
            Quality(quality, reader.PathOf("quality"), problems);
        }

        reader.Finish();
        return problems.Count == before ? new Predictor(id, description, logistic, value) : null;
    }

    private static void CheckId(string id, string path, ICollection<Problem> problems)
    {
        var name = id.StartsWith(Predictor.IntentPrefix, StringComparison.Ordinal) ? id[Predictor.IntentPrefix.Length..] : "";
        if (name.Length == 0 || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-'))
        {
            problems.Add(new Problem(
                path, "invalid_id", $"The id of a probability is its feature's name: {Predictor.IntentPrefix} and letters, digits, - or _."));
        }
    }

    private static LogisticModel Logistic(DocumentReader reader, ICollection<Problem> problems)
    {
        var inputs = new List<LogisticInput>();
        foreach (var (element, at) in reader.List("inputs", MostInputs, required: true) ?? [])
        {
            var input = new DocumentReader(element, at, problems);
            inputs.Add(new LogisticInput
            {
                Feature = input.Text("feature", required: true) ?? "",
                Is = input.Text("is"),
                Log = input.Flag("log") ?? false,
                Mean = input.Number("mean", -Most, Most) ?? 0,
                Scale = input.Number("scale", Least, Most) ?? 1,
                Coefficient = input.Number("coefficient", -Most, Most, required: true) ?? 0,
            });
            input.Finish();
        }

        return new LogisticModel(inputs, reader.Number("intercept", -Most, Most, required: true) ?? 0);
    }

    private static CustomerValue Value(DocumentReader reader, ICollection<Problem> problems)
    {
        var unit = reader.Number("unitDays", 1e-3, 3660) ?? 7;
        var orders = new DocumentReader(reader.Element("orders", required: true) ?? default, reader.PathOf("orders"), problems);
        var beta = new BetaGeometric(Positive(orders, "r"), Positive(orders, "alpha"), Positive(orders, "a"), Positive(orders, "b"));
        orders.Finish();
        if (reader.Element("spend") is not { } spend)
        {
            return new CustomerValue(unit, beta, null);
        }

        var part = new DocumentReader(spend, reader.PathOf("spend"), problems);
        var gamma = new GammaGamma(Positive(part, "p"), part.Number("q", 1 + 1e-9, Most, required: true) ?? 2, Positive(part, "gamma"));
        part.Finish();
        return new CustomerValue(unit, beta, gamma);
    }

    private static double Positive(DocumentReader reader, string name) => reader.Number(name, Least, Most, required: true) ?? 1;

    // What was measured when it was trained is kept for whoever asks; nothing is computed from it.
    private static void Quality(JsonElement json, string path, ICollection<Problem> problems)
    {
        var reader = new DocumentReader(json, path, problems);
        reader.Number("auc", 0, 1);
        reader.Number("logLoss", 0, Most);
        reader.Number("rows", 0, Most);
        reader.Number("trainedOn", 0, Most);
        reader.Number("customers", 0, Most);
        reader.Number("logLikelihood", -Most, Most);
        reader.Finish();
    }
}
