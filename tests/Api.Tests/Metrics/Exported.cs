using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Personalization.Api.Metrics;

namespace Personalization.Api.Tests.Metrics;

/// <summary>A meter of a host of its own, and what is exported of it.</summary>
internal sealed class Exported : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly PrometheusExporter _exporter;

    public Exported(int mostSeries = 100)
    {
        Meters = _services.GetRequiredService<IMeterFactory>();
        _exporter = new PrometheusExporter(Meters, NullLogger<PrometheusExporter>.Instance, mostSeries);
        Meter = Meters.Create("Personalization.Tests");
    }

    public IMeterFactory Meters { get; }

    public Meter Meter { get; }

    public string Text()
    {
        var output = new ArrayBufferWriter<byte>();
        _exporter.Write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public Exposition Read() => Exposition.Read(Text());

    public void Dispose()
    {
        _exporter.Dispose();
        _services.Dispose();
    }
}
