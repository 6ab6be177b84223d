using System.Diagnostics;

namespace Personalization.Node.Tests.Privacy;

/// <summary>What is exported is as its published schema says.</summary>
public sealed class ExportTests
{
    [PythonFact("jsonschema")]
    public async Task An_export_is_valid_by_the_schema_that_the_server_publishes()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path);
        await Visitor.ConfigureAsync(node);
        await Visitor.VisitAsync(node, "a person/with:signs");
        await Visitor.EraseAsync(node, "somebody else");
        var export = await node.Http.GetStringAsync($"/v1/users/{Uri.EscapeDataString("a person/with:signs")}/export");
        var schema = await node.Http.GetStringAsync("/v1/export.schema.json");

        Assert.Equal("", await ValidateAsync(folder, schema, export));
        Assert.Contains("\"trainingSessions\":[{", export, StringComparison.Ordinal);
        Assert.NotEqual("", await ValidateAsync(folder, schema, export.Replace("\"total\":1", "\"total\":\"one\"", StringComparison.Ordinal)));
    }

    // Another program's reading of the schema, not ours.
    private static async Task<string> ValidateAsync(TemporaryFolder folder, string schema, string document)
    {
        const string Program = """
            import json, sys, jsonschema
            v = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
            v.check_schema(v.schema)
            print("\n".join(e.json_path + " " + e.message for e in v.iter_errors(json.load(open(sys.argv[2])))), end="")
            """;
        using var python = Process.Start(new ProcessStartInfo("python3", ["-c", Program, folder.Write("s.json", schema), folder.Write("d.json", document)])
        {
            RedirectStandardOutput = true,
        })!;
        var answer = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        Assert.Equal(0, python.ExitCode);
        return answer;
    }
}
