namespace Personalization.Cli.Http;

/// <summary>How much a server holds.</summary>
internal sealed record StatsAnswer(long Events, long Profiles, long Items);
