namespace Curie.Numerics;

/// <summary>
/// Bad input from the user: a file, a setting, a value. The message is one sentence that says what is wrong, where, and how to mend
/// it. The command line prints it alone and exits with code 1; nothing has been written when it is thrown. What it quotes from files is
/// made visible (<see cref="MessageLine"/>).
/// </summary>
public class InputException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What is wrong, where, and how to mend it, in one sentence.</param>
    public InputException(string message)
        : base(MessageLine.Of(message)) { }

    /// <summary>Creates the error from the exception that revealed it.</summary>
    /// <param name="message">What is wrong, where, and how to mend it, in one sentence.</param>
    /// <param name="inner">The exception that revealed the problem.</param>
    public InputException(string message, Exception inner)
        : base(MessageLine.Of(message), inner) { }
}
