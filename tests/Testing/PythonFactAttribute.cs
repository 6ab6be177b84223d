using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace Personalization.Testing;

/// <summary>A fact that is checked by a Python package; skipped where there is none.</summary>
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute(string package) =>
        Skip = Has(package) ? null! : $"Python 3 with the package {package} is not installed.";

    private static bool Has(string package)
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", ["-W", "ignore", "-c", $"import {package}"]) { RedirectStandardError = true })!;
            python.StandardError.ReadToEnd();
            python.WaitForExit();
            return python.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
