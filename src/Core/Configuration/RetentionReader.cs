using Personalization.Core.Privacy;

namespace Personalization.Core.Configuration;

/// <summary>Reads how long is kept what each purpose keeps: <c>{"days": 90}</c>; the id is the purpose.</summary>
internal static class RetentionReader
{
    private const int MostDays = 36_500;

    public static RetentionPolicy Read(IEnumerable<ConfigurationDocument> documents, ICollection<Problem> problems)
    {
        var policy = RetentionPolicy.Default;
        foreach (var document in documents)
        {
            var path = $"{document.Kind.PluralName()}.{document.Id}";
            var reader = new DocumentReader(document.Body, path, problems);
            reader.Text("description", 1000);
            reader.Element("days", required: true);
            var days = reader.Whole("days", 1, MostDays);
            reader.Finish();
            switch (Consent.Parse(document.Id))
            {
                case Purposes.Personalization:
                    policy = policy with { PersonalizationDays = days };
                    break;
                case Purposes.Training:
                    policy = policy with { TrainingDays = days ?? RetentionPolicy.DefaultTrainingDays };
                    break;
                case Purposes.Analytics:
                    policy = policy with { AnalyticsDays = days };
                    break;
                case Purposes.CrossDevice:
                    policy = policy with { CrossDeviceDays = days };
                    break;
                case Purposes.Advertising:
                    problems.Add(new Problem(path, "nothing_kept", "Nothing is kept for advertising, so that nothing of it can expire."));
                    break;
                default:
                    problems.Add(new Problem(
                        path, "unknown_purpose", "The id is a purpose: personalization, training, analytics or crossDevice."));
                    break;
            }
        }

        return policy;
    }
}
