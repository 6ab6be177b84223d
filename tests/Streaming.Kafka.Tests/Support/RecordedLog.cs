using Microsoft.Extensions.Logging;

namespace Personalization.Streaming.Kafka.Tests.Support;

/// <summary>Keeps what is logged, and lets a test wait for a line.</summary>
internal sealed class RecordedLog : ILoggerProvider, ILogger
{
    private readonly Signal<(LogLevel Level, string Line)> _lines = new();

    public ILogger<T> For<T>() => new LoggerFactory([this]).CreateLogger<T>();

    public Task<(LogLevel Level, string Line)> Line(string part, LogLevel level = LogLevel.Information) =>
        _lines.FirstAsync(line => line.Level >= level && line.Line.Contains(part, StringComparison.Ordinal));

    public IReadOnlyList<(LogLevel Level, string Line)> All => _lines.All;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Add((logLevel, formatter(state, exception) + (exception is null ? "" : " " + exception)));
        }
    }

    public void Dispose()
    {
    }
}
