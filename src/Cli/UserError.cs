namespace Personalization.Cli;

/// <summary>Something that the person at the keyboard can put right; its message is all that is shown.</summary>
internal sealed class UserError : Exception
{
    public UserError(string message)
        : base(message)
    {
    }

    public UserError(string message, Exception inner)
        : base(message, inner)
    {
    }
}
