using System.Security.Cryptography;
using Personalization.Core.Privacy.Encryption;
using Personalization.Node.Storage;

namespace Personalization.Node.Privacy;

/// <summary>Reads the file that <c>--key-file</c> names, and holds a store to the keys it was written with.</summary>
internal static class KeyFile
{
    // Every key that profiles may be sealed with has sealed this, so that another key of the same name is found out at the start.
    private const string Proof = "proof";

    /// <summary>Makes the cipher of a data folder; where there is no file nothing is encrypted.</summary>
    /// <exception cref="StorageException">The file can't be used, or lacks a key that profiles of the folder are sealed with.</exception>
    public static ProfileCipher Open(string? file, Database database)
    {
        var cipher = new ProfileCipher(file is null ? KeyRing.Empty : Read(file), RandomNumberGenerator.Fill);
        foreach (var (id, proof) in database.ReadProfileKeys())
        {
            try
            {
                cipher.Open(Proof, proof);
            }
            catch (SealedException exception)
            {
                throw new StorageException(
                    $"Profiles in the data folder are encrypted with key \"{id}\". {(file is null ? "There is no --key-file." : $"--key-file '{file}' is not the right one.")} "
                    + $"{exception.Message} Nothing was changed.", exception);
            }
        }

        if (cipher.Ring.Current is { } current)
        {
            database.NoteProfileKey(current, cipher.Seal(Proof, RandomNumberGenerator.GetBytes(16)));
        }

        return cipher;
    }

    private static KeyRing Read(string file)
    {
        try
        {
            return KeyRing.Parse(File.ReadAllBytes(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new StorageException($"--key-file '{file}' can't be used: {exception.Message.TrimEnd('.')}.", exception);
        }
    }
}
