namespace Personalization.Core.Privacy;

/// <summary>What the privacy signals of browsers deny, for the one request that carries them.</summary>
/// <param name="GlobalPrivacyControl">
/// What <c>Sec-GPC: 1</c> denies (w3c.github.io/gpc): selling and sharing, which is <see cref="Purposes.Advertising"/> and
/// <see cref="Purposes.CrossDevice"/> here.
/// </param>
/// <param name="DoNotTrack">What <c>DNT: 1</c> denies (www.w3.org/TR/tracking-dnt): that, and teaching models.</param>
public sealed record PrivacySignals(Purposes GlobalPrivacyControl, Purposes DoNotTrack)
{
    /// <summary>What they deny unless configured otherwise.</summary>
    public static readonly PrivacySignals Default = new(
        Purposes.Advertising | Purposes.CrossDevice,
        Purposes.Advertising | Purposes.CrossDevice | Purposes.Training);

    /// <summary>Gives what a request denies by its headers.</summary>
    /// <param name="gpc">The value of <c>Sec-GPC</c>; both standards know one value that denies, 1.</param>
    /// <param name="dnt">The value of <c>DNT</c>.</param>
    public Purposes Denied(string? gpc, string? dnt) =>
        (gpc == "1" ? GlobalPrivacyControl : Purposes.None) | (dnt == "1" ? DoNotTrack : Purposes.None);
}
