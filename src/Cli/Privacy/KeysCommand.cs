using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Personalization.Cli.Output;

namespace Personalization.Cli.Privacy;

/// <summary><c>personalize keys</c>: makes the ring that <c>--key-file</c> of a server names, and adds keys to it. Works on the file alone.</summary>
internal static class KeysCommand
{
    private const int KeyBytes = 32;

    private static readonly Argument<string> Ring = new("FILE") { Description = "The key ring." };
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create(Terminal terminal)
    {
        var make = new Command("new", "Makes a key ring with one key. Keep a copy: without it what is encrypted is lost.") { Ring };
        make.SetAction(parsed =>
        {
            var file = parsed.GetRequiredValue(Ring);
            if (File.Exists(file))
            {
                throw new UserError($"{file} is there already, and may be all that opens somebody's data. 'personalize keys rotate' adds a key to it.");
            }

            return Add(terminal, file, new JsonObject { ["keys"] = new JsonObject() });
        });
        var rotate = new Command("rotate", "Adds a key for what is written from the next start on; the others stay for what was written before.") { Ring };
        rotate.SetAction(parsed => Add(terminal, parsed.GetRequiredValue(Ring), Read(parsed.GetRequiredValue(Ring))));
        return new Command("keys", "The keys that profiles are encrypted with at rest.") { make, rotate };
    }

    private static int Add(Terminal terminal, string file, JsonObject ring)
    {
        var keys = (JsonObject)ring["keys"]!;
        var id = terminal.Time.GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        for (var more = 2; keys.ContainsKey(id); more++)
        {
            id = terminal.Time.GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture) + "-" + more.ToString(CultureInfo.InvariantCulture);
        }

        keys[id] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));
        ring["current"] = id;
        Write(file, ring.ToJsonString(Indented));
        terminal.Out.WriteLine($"{file}: key {id} is the current one of {keys.Count}. Start the servers with --key-file again.");
        return 0;
    }

    // Written beside and moved into place: half a ring opens nothing.
    private static void Write(string file, string text)
    {
        var unfinished = file + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(unfinished, options))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(unfinished, file, overwrite: true);
    }

    private static JsonObject Read(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(file)) is JsonObject ring && ring["keys"] is JsonObject
                ? ring
                : throw new UserError($"{file} is no key ring.");
        }
        catch (JsonException exception)
        {
            throw new UserError($"{file} is no key ring: {exception.Message}", exception);
        }
    }
}
