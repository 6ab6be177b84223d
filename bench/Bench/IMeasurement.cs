namespace Personalization.Bench;

/// <summary>Measures some rows of the table, in a process of its own.</summary>
internal interface IMeasurement
{
    /// <summary>Gets the name that the command line knows it by.</summary>
    string Name { get; }

    Task<IReadOnlyList<Row>> RunAsync(Effort effort);
}
