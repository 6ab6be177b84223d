using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Personalization.Core;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;

namespace Personalization.Api.Grpc;

/// <summary>Reads what is said of purposes, and tells what a person chose.</summary>
internal static class ConsentMessages
{
    /// <summary>Reads what is said of purposes; of two things said of one the stricter counts.</summary>
    /// <param name="message">What was sent.</param>
    /// <param name="problem">What is wrong with it, in which case nothing of it counts.</param>
    public static Consent Read(V1.Consent message, out Problem? problem)
    {
        problem = null;
        if (All(message.Granted) is not { } granted || All(message.Denied) is not { } denied || All(message.Unknown) is not { } unknown)
        {
            problem = new Problem("consent", "unknown_purpose", PurposeNames.Known);
            return default;
        }

        return ConsentJson.Of(granted, denied, unknown);
    }

    /// <summary>Gives what the call's metadata deny: <c>sec-gpc</c> and <c>dnt</c>, as REST has them.</summary>
    public static Purposes Denied(this PrivacySignals signals, ServerCallContext context) =>
        signals.Denied(context.RequestHeaders.GetValue("sec-gpc"), context.RequestHeaders.GetValue("dnt"));

    /// <summary>Tells what a person chose, purpose by purpose.</summary>
    public static IEnumerable<V1.ConsentChoice> Write(ConsentChoices choices)
    {
        foreach (var purpose in PurposeNames.All)
        {
            if (choices[purpose] is { IsMade: true } choice)
            {
                yield return new V1.ConsentChoice
                {
                    Purpose = Of(purpose),
                    Choice = ConsentJson.NameOf(choice.State),
                    Since = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(choice.Since)),
                    Source = ConsentJson.NameOf(choice.Source),
                };
            }
        }
    }

    private static Purposes? All(RepeatedField<V1.Purpose> purposes)
    {
        var all = Purposes.None;
        foreach (var purpose in purposes)
        {
            if (Of(purpose) is not (> Purposes.None and var known))
            {
                return null;
            }

            all |= known;
        }

        return all;
    }

    // The enum is open: a newer sender's purposes arrive as numbers without a name.
    private static Purposes Of(V1.Purpose purpose) => purpose switch
    {
        V1.Purpose.Analytics => Purposes.Analytics,
        V1.Purpose.Personalization => Purposes.Personalization,
        V1.Purpose.Training => Purposes.Training,
        V1.Purpose.Advertising => Purposes.Advertising,
        V1.Purpose.CrossDevice => Purposes.CrossDevice,
        _ => Purposes.None,
    };

    private static V1.Purpose Of(Purposes purpose) => purpose switch
    {
        Purposes.Analytics => V1.Purpose.Analytics,
        Purposes.Personalization => V1.Purpose.Personalization,
        Purposes.Training => V1.Purpose.Training,
        Purposes.Advertising => V1.Purpose.Advertising,
        _ => V1.Purpose.CrossDevice,
    };
}
