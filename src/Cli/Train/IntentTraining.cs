using System.Globalization;
using System.Text.Json;
using Personalization.Cli.Files;
using Personalization.Cli.Mapping;
using Personalization.Core.Conditions;
using Personalization.Core.Predictions;

namespace Personalization.Cli.Train;

/// <summary>Fits the probability of an outcome to rows.</summary>
internal static class IntentTraining
{
    // Rows are kept from training as ../shared/data/README.md and most of the literature on this data do.
    private const int TestEvery = 5;
    private const int MostErrorsTold = 5;

    public static TrainedPredictor Train(string file, string mapping, string id, Action<string> warn)
    {
        var table = Read(file, MappingFile.Load(mapping), warn);
        var test = table.Where(row => row % TestEvery == TestEvery - 1);
        var training = table.Where(row => row % TestEvery != TestEvery - 1);
        try
        {
            var model = LogisticFit.Fit(training);
            return Describe(id, model, PredictionQuality.Measure(test.Predict(model), test.Outcomes), training.Rows.Count);
        }
        catch (ArgumentException exception)
        {
            throw new UserError($"{file}: {exception.Message}", exception);
        }
    }

    private static TrainedPredictor Describe(string id, LogisticModel model, PredictionQuality quality, int trainedOn) => new(
        id,
        [
            string.Create(CultureInfo.InvariantCulture, $"{id}: AUC {quality.Auc:0.0000}, log-loss {quality.LogLoss:0.0000} on {quality.Rows} rows kept from training on {trainedOn}"),
            .. model.Inputs.OrderByDescending(input => Math.Abs(input.Coefficient)).Take(10).Select(input =>
                string.Create(CultureInfo.InvariantCulture, $"  {input.Coefficient,8:0.000}  {input.Feature}{(input.Is is null ? "" : $" = {input.Is}")}")),
        ],
        json => Write(json, model, quality, trainedOn));

    private static void Write(Utf8JsonWriter json, LogisticModel model, PredictionQuality quality, int trainedOn)
    {
        json.WriteString("kind", "logistic");
        json.WriteStartArray("inputs");
        foreach (var input in model.Inputs)
        {
            json.WriteStartObject();
            json.WriteString("feature", input.Feature);
            if (input.Is is not null)
            {
                json.WriteString("is", input.Is);
            }

            if (input.Log)
            {
                json.WriteBoolean("log", true);
            }

            json.WriteNumber("mean", input.Mean);
            json.WriteNumber("scale", input.Scale);
            json.WriteNumber("coefficient", input.Coefficient);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("intercept", model.Intercept);
        json.WriteStartObject("quality");
        json.WriteNumber("auc", Math.Round(quality.Auc, 6));
        json.WriteNumber("logLoss", Math.Round(quality.LogLoss, 6));
        json.WriteNumber("rows", quality.Rows);
        json.WriteNumber("trainedOn", trainedOn);
        json.WriteEndObject();
    }

    private static TrainingTable Read(string file, MappingFile mapping, Action<string> warn)
    {
        using var input = new InputFile(file);
        using var text = new StreamReader(input.Content, mapping.Encoding, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var csv = new CsvReader(text, mapping.Delimiter);
        var columns = mapping.Columns ?? csv.Read()?.ToList() ?? throw new UserError("The file is empty: not even column names.");
        var mapper = mapping.BindTraining(columns);
        var rows = new List<IReadOnlyList<AttributeValue>>();
        var outcomes = new List<bool>();
        var errors = 0;
        while (csv.Read() is { } row)
        {
            try
            {
                var (values, outcome) = mapper.Read(row);
                rows.Add(values);
                outcomes.Add(outcome);
            }
            catch (RowError error)
            {
                if (errors++ < MostErrorsTold)
                {
                    warn($"{file}:{csv.Line}: {error.Message}");
                }
            }
        }

        if (errors > 0)
        {
            warn($"{errors} rows could not be read and were left out");
        }

        return new TrainingTable(
            [.. mapper.Features.Select(feature => new TrainingColumn(feature.Feature, feature.IsCategory, feature.Log))], rows, outcomes);
    }
}
