namespace Personalization.Core.Privacy;

/// <summary>Where a choice was made.</summary>
public enum ConsentSource
{
    /// <summary>With an event, by the page or the app the person uses.</summary>
    Event = 0,

    /// <summary>By a call of <c>PUT /v1/users/{id}/consent</c>.</summary>
    Api = 1,
}
