using Personalization.Core.Features;
using Personalization.Core.Predictions;

namespace Personalization.Core.Configuration;

/// <summary>Reads the predictors, whose features others refer to, and checks that what they look at exists.</summary>
internal sealed class PredictorCompiler
{
    private readonly List<(Predictor Predictor, string Path)> _read = [];
    private readonly ICollection<Problem> _problems;

    public PredictorCompiler(ConfigurationSet set, ICollection<Problem> problems)
    {
        _problems = problems;
        foreach (var document in set.Of(ConfigurationKind.Predictor))
        {
            var path = $"{ConfigurationKind.Predictor.PluralName()}.{document.Id}";
            if (PredictorReader.Read(document.Id, document.Body, path, problems) is { } predictor)
            {
                _read.Add((predictor, path));
            }
        }
    }

    /// <summary>Gets the families of the features that the predictors give.</summary>
    public IEnumerable<FeatureFamily> Families => _read.SelectMany(entry => PredictorFeatures.Of(entry.Predictor));

    /// <summary>Refuses inputs that are no features, each with its path.</summary>
    public void Check(FeatureRegistry features)
    {
        foreach (var (predictor, path) in _read)
        {
            for (var i = 0; i < predictor.Logistic?.Inputs.Count; i++)
            {
                if (features.Find(predictor.Logistic.Inputs[i].Feature, out var problem) is null)
                {
                    _problems.Add(new Problem($"{path}.inputs[{i}].feature", "unknown_feature", problem!));
                }
            }
        }
    }
}
