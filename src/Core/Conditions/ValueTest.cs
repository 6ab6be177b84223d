namespace Personalization.Core.Conditions;

/// <summary>What is asked of one value.</summary>
internal delegate bool ValueTest(in AttributeValue value);
