using Microsoft.AspNetCore.Http;
using Personalization.Core.Privacy;

namespace Personalization.Api.Rest;

/// <summary>Reads the privacy signals of browsers.</summary>
internal static class SignalHeaders
{
    /// <summary>The header of Global Privacy Control.</summary>
    public const string GlobalPrivacyControl = "Sec-GPC";

    /// <summary>The header of Do Not Track.</summary>
    public const string DoNotTrack = "DNT";

    /// <summary>Gives the purposes that a request's headers deny.</summary>
    public static Purposes Denied(this PrivacySignals signals, HttpRequest request) =>
        signals.Denied(request.Headers[GlobalPrivacyControl], request.Headers[DoNotTrack]);
}
