namespace Personalization.Cli.Http;

/// <summary>An RFC 9457 problem.</summary>
internal sealed record ProblemAnswer(string? Title, string? Detail, IReadOnlyList<ProblemEntry>? Errors)
{
    /// <summary>Writes the whole problem as one line.</summary>
    public string InOneLine()
    {
        string?[] parts = [Title, Detail, .. (Errors ?? []).Select(error => error.InOneLine())];
        return string.Join("; ", parts.Where(part => !string.IsNullOrWhiteSpace(part)).Select(part => part!.TrimEnd('.')));
    }
}

/// <summary>One thing that is wrong, and where in the document sent.</summary>
internal sealed record ProblemEntry(string? Path, string? Code, string? Detail)
{
    public string InOneLine() => (Path is { Length: > 0 } ? $"{Path}: " : "") + (Detail ?? "wrong") + (Code is null ? "" : $" ({Code})");
}
