using System.Reflection;

namespace Personalization.Core.Tests;

public sealed class ArchitectureTests
{
    [Fact]
    public void Core_references_nothing_but_the_framework_and_numerics()
    {
        var core = Assembly.Load("Personalization.Core");
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

        var foreign = core.GetReferencedAssemblies()
            .Where(reference => !File.Exists(Path.Combine(framework, reference.Name + ".dll")))
            .Select(reference => reference.Name);

        // Distributions and special functions: pure, and better proved than ours would be.
        Assert.Equal(["MathNet.Numerics"], foreign);
    }
}
