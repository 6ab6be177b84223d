namespace Personalization.Core.Predictions;

/// <summary>What the configuration says about one predictor: a model with its measured quality. Exactly one of the models is there.</summary>
/// <param name="Id">Its id: <c>value</c>, or for a probability the name of its feature, <c>intent.purchase</c>.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Logistic">A probability from features.</param>
/// <param name="Value">What customers are worth.</param>
public sealed record Predictor(string Id, string? Description, LogisticModel? Logistic, CustomerValue? Value)
{
    /// <summary>The id of the one predictor of what customers are worth.</summary>
    public const string ValueId = "value";

    /// <summary>What the ids of predictors of a probability begin with.</summary>
    public const string IntentPrefix = "intent.";
}
